"""A signed copy says what its page says; whoever changes a character of it, or makes one up, is found out."""

import base64
import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.crypto import derive_key
from privacy.signing import USE, public_keys, sign
from survey.reports.domain import (
    KEYS_PATH,
    Changed,
    Cover,
    Desk,
    Figure,
    NotACopy,
    Sheet,
    Struck,
    UnknownKey,
    read_copy,
    signed_copy,
)
from tests.chance import without_chance
from tests.conftest import NOW
from tests.web_client import Browser, Site

from .asking import asked, openssl_agrees
from .test_files import PAGES, tables_on

OURS, OLD, THEIRS = bytes([7]) * 32, bytes([8]) * 32, bytes([9]) * 32
COVER = Cover("Your visit", ("Northwind: your visit", "North, November"), NOW, NOW.date())
SHEET = Sheet("Scores", ("Place", "Score"), ((Figure("Leeds"), Figure("8.1", Decimal("8.1"), 1)), (Figure("Łódź"),)))
DESK = Desk("https://candour.test", "Kestrel", (OURS, OLD), NOW)
COPY = signed_copy(COVER, [SHEET], DESK)


def changed(name: str, value: object) -> bytes:
    """The copy with one of its parts replaced."""
    return json.dumps(json.loads(COPY) | {name: value}).encode()


@given(st.data())
def test_no_character_of_a_statement_may_change(data: st.DataObject) -> None:
    text = json.loads(COPY)["statement"]
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda each: each != text[at]))
    with pytest.raises(Changed):
        read_copy(changed("statement", text[:at] + other + text[at + 1 :]), DESK.keys)


def test_the_line_that_tells_where_to_check_cannot_lead_elsewhere() -> None:
    other = json.loads(COPY)["about"].replace("candour.test", "evil.example")
    with pytest.raises(Changed):
        read_copy(changed("about", other), DESK.keys)


def test_a_copy_made_elsewhere_is_not_ours_whatever_key_it_names() -> None:
    strange = signed_copy(COVER, [SHEET], replace(DESK, keys=(THEIRS,)))
    with pytest.raises(UnknownKey):
        read_copy(strange, DESK.keys)
    with pytest.raises(Changed):
        read_copy(json.dumps(json.loads(strange) | {"key": json.loads(COPY)["key"]}).encode(), DESK.keys)


def test_a_signature_of_ours_under_something_else_makes_no_copy() -> None:
    """As nothing else is signed with these keys today, and something may be tomorrow."""
    for text in ("{}", "hello", json.dumps(json.loads(json.loads(COPY)["statement"]) | {"kind": "another thing"})):
        signed = sign(DESK.keys, text.encode())
        parts = {"statement": text, "key": signed.key, "signature": base64.b64encode(signed.value).decode()}
        with pytest.raises(NotACopy):
            read_copy(json.dumps(json.loads(COPY) | parts).encode(), DESK.keys)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"null", b"[]", b"{}", b"\xff\xfe", b"PK\x03\x04", COPY[:-20], b"[" * 100_000,
        changed("statement", "\ud800"),
        b'{"about":' * 50_000, changed("signature", "not base64 ü"), changed("signature", 7), changed("more", 1),
        changed("statement", None),
    ],
)  # fmt: skip
def test_what_is_no_copy_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(NotACopy):
        read_copy(raw, DESK.keys)


@pytest.mark.parametrize("value", ["", "AAAA", "A" * 4000])
def test_a_signature_of_another_length_does_not_hold(value: str) -> None:
    with pytest.raises(Changed):
        read_copy(changed("signature", value), DESK.keys)


def test_a_copy_under_a_key_that_was_stolen_proves_nothing() -> None:
    stolen = json.loads(COPY)["key"]
    with pytest.raises(Struck):
        read_copy(COPY, DESK.keys, (stolen,))
    # But what was changed besides is still told to be changed.
    with pytest.raises(Changed):
        read_copy(changed("statement", "{}"), DESK.keys, (stolen,))
    assert read_copy(COPY, DESK.keys, ("another",)).title == COVER.title


def test_a_copy_says_what_its_page_said_and_when() -> None:
    said = read_copy(COPY, DESK.keys)
    assert (said.title, said.lines, said.site, said.company) == (COVER.title, COVER.lines, DESK.site, "Kestrel")
    assert said.made_at == NOW
    assert said.released_on == NOW.date()
    assert [table.sheet for table in said.tables] == [
        Sheet("Scores", ("Place", "Score"), ((Figure("Leeds"), Figure("8.1")), (Figure("Łódź"),)))
    ]


def test_a_copy_under_a_key_that_was_replaced_stays_ours() -> None:
    before = signed_copy(COVER, [SHEET], replace(DESK, keys=(OLD,)))
    assert read_copy(before, (THEIRS, OURS, OLD)).title == COVER.title


async def sent(site: Site, content: bytes, name: str = "copy.signed.json") -> httpx.Response:
    """The answer to whoever asks about a file: without a session, a cookie or a token of a form."""
    return await asked(site, {"copy": (name, content)})


async def test_to_send_nothing_or_something_else_says_what_to_choose(site: Site) -> None:
    nothing = await asked(site, {})
    assert nothing.status_code == 422
    assert "Choose the signed copy or the signature first" in nothing.text
    picture = await sent(site, b"\x89PNG\r\n", "picture.png")
    assert picture.status_code == 422
    assert "no signed copy" in picture.text


async def test_a_file_that_is_too_large_is_refused(site: Site) -> None:
    assert (await sent(site, b" " * 2_100_000)).status_code == 413


@pytest.mark.parametrize("page", PAGES)
async def test_what_a_client_downloads_is_found_genuine_and_shows_what_the_page_shows(
    site: Site, viewer: Browser, later: object, page: str
) -> None:
    answer = await viewer.get(f"/portal/files/{page}/signed.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"].endswith(".signed.json")
    checked = await sent(site, answer.content)
    assert "This copy is ours, and unchanged" in checked.text
    shown = tables_on((await viewer.get(f"/portal/{page}")).text)
    found = tables_on(checked.text)
    assert found[-len(shown) :] == shown
    assert "set-cookie" not in checked.headers


async def test_a_number_that_was_improved_is_found_out(site: Site, viewer: Browser, later: object) -> None:
    genuine = (await viewer.get("/portal/files/overview/signed.json")).content
    improved = genuine.replace(b"218", b"818")
    assert improved != genuine
    answer = await sent(site, improved)
    assert "This copy was changed" in answer.text
    assert "818" not in without_chance(answer.text)


async def test_a_copy_of_another_platform_is_not_ours(site: Site) -> None:
    answer = await sent(site, signed_copy(COVER, [SHEET], replace(DESK, keys=(THEIRS,))))
    assert "This copy is not ours" in answer.text
    assert "Your visit" not in answer.text


async def test_what_was_stolen_is_not_among_the_published_keys(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    [name] = public_keys(site.settings.token_keys)
    stolen = replace(site.settings, struck_keys=(name,))
    monkeypatch.setattr(site.front.main.state, "settings", stolen)  # type: ignore[attr-defined]
    published = (await (await site.visitor()).client.get(KEYS_PATH)).json()
    assert published == {"keys": [], "stolen": [name]}
    answer = await sent(site, signed_copy(COVER, [SHEET], Desk("https://x.test", "", site.settings.token_keys, NOW)))
    assert "This copy proves nothing" in answer.text
    assert COVER.title not in answer.text


async def test_words_in_a_copy_are_words_on_the_page(site: Site) -> None:
    cover = Cover("<script>alert(1)</script>", ("<b>bold</b>",), NOW)
    answer = await sent(site, signed_copy(cover, [], Desk("https://x.test", "Kestrel", site.settings.token_keys, NOW)))
    assert "This copy is ours" in answer.text
    assert "<script>alert" not in answer.text
    assert "<b>bold" not in answer.text


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to ask")
async def test_openssl_agrees_by_the_keys_that_we_publish(
    site: Site, viewer: Browser, later: object, tmp_path: Path
) -> None:
    copy = json.loads((await viewer.get("/portal/files/overview/signed.json")).content)
    published = (await (await site.visitor()).client.get(KEYS_PATH)).json()["keys"]
    [raw] = [each["ed25519"] for each in published if each["key"] == copy["key"]]
    assert openssl_agrees(raw, copy["statement"], copy["signature"], tmp_path)
    assert not openssl_agrees(raw, copy["statement"] + " ", copy["signature"], tmp_path)


async def test_no_secret_is_published(site: Site) -> None:
    text = (await (await site.visitor()).client.get(KEYS_PATH)).text
    for key in site.settings.known_token_keys:
        for secret in (key, derive_key(key, USE)):
            assert base64.b64encode(secret).decode() not in text
