"""A CSV, a workbook or a PDF leaves with its signature beside it: whoever changes a byte of it is found out."""

import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import asyncpg
import httpx
import pytest

from privacy.signing import public_keys
from survey.releases import service as releases
from survey.reports.domain import (
    KEYS_PATH,
    Changed,
    FileKind,
    FileMissing,
    NotACopy,
    OtherFile,
    Saved,
    Unsigned,
    read_copy,
    require_file,
    signature_of,
    signed_copy,
    written,
)
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld, shop_world
from tests.survey.releases.shops import VISIT, approved, release, tell
from tests.web_client import Browser, Site

from .asking import asked, openssl_agrees
from .test_files import PAGES
from .test_signed import COVER, DESK, SHEET, THEIRS, changed

FILE = b"Place,Score\r\nLeeds,8.1\r\n"
SIGNATURE = signature_of("scores.csv", FILE, COVER, DESK)
GENUINE, OTHER = "This file is ours, and unchanged", "This file is not what was signed"
Files = Mapping[str, bytes]


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client, who buys visits."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    await tell(made)
    return made


@pytest.fixture
async def head(site: Site, there: ShopWorld) -> Browser:
    """Somebody at headquarters."""
    return await site.viewer(there.affiliate_id, there.client_id, there.root_id)


def unzipped(content: bytes) -> Files:
    """The files of a ZIP by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        assert bundle.testzip() is None
        return {name: bundle.read(name) for name in bundle.namelist()}


async def bundle(browser: Browser, url: str) -> Files:
    """What is downloaded with signatures."""
    answer = await browser.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip"), url
    assert answer.headers["content-disposition"].endswith(".signed.zip")
    return unzipped(answer.content)


def pairs_in(files: Files) -> dict[str, tuple[bytes, bytes]]:
    """Each file with its signature, by the file's ending."""
    signed = [name for name in files if not name.endswith(".signature.json")]
    assert set(files) == {*signed, *(f"{name}.signature.json" for name in signed)}
    return {name.rpartition(".")[2]: (files[name], files[f"{name}.signature.json"]) for name in signed}


async def sent(site: Site, signature: bytes | None, file: bytes | None = None) -> httpx.Response:
    """The answer to whoever asks: without a session, a cookie or a token of a form."""
    files = {} if signature is None else {"copy": ("scores.csv.signature.json", signature)}
    return await asked(site, files if file is None else files | {"file": ("renamed.bin", file)})


def test_a_signature_is_of_one_file_and_of_no_other() -> None:
    said = read_copy(SIGNATURE, DESK.keys)
    for other in (b"", FILE[:-1], FILE + b"\n", FILE.replace(b"8.1", b"9.1")):
        with pytest.raises(OtherFile):
            require_file(said, digest(other))
    require_file(said, digest(FILE))
    assert (said.title, said.lines, said.made_at, said.tables) == (COVER.title, COVER.lines, NOW, ())
    assert said.file is not None
    assert (said.file.name, said.file.size_bytes) == ("scores.csv", len(FILE))


def test_a_file_alone_a_signature_alone_and_a_copy_beside_a_file_prove_nothing() -> None:
    with pytest.raises(FileMissing):
        require_file(read_copy(SIGNATURE, DESK.keys), None)
    with pytest.raises(Unsigned):
        require_file(read_copy(signed_copy(COVER, [SHEET], DESK), DESK.keys), digest(FILE))
    with pytest.raises(NotACopy):
        read_copy(FILE, DESK.keys)


def test_a_digest_that_is_written_into_a_signature_makes_it_a_changed_one() -> None:
    forged = json.loads(SIGNATURE)["statement"].replace(digest(FILE), digest(b"forged"))
    with pytest.raises(Changed):
        read_copy(json.dumps(json.loads(SIGNATURE) | {"statement": forged}).encode(), DESK.keys)
    for about in (json.loads(changed("key", "x"))["about"], "The signature of a file. Ask at evil.example"):
        with pytest.raises(Changed):
            read_copy(json.dumps(json.loads(SIGNATURE) | {"about": about}).encode(), DESK.keys)


def test_a_bundle_holds_each_file_and_its_signature_and_is_the_same_when_made_again() -> None:
    page = Saved("scores", COVER, [SHEET], b"%PDF-1.7 paper")
    made = written(FileKind.BUNDLE, page, DESK)
    assert set(pairs_in(unzipped(made))) == {"csv", "xlsx", "pdf"}
    assert written(FileKind.BUNDLE, page, DESK) == made
    assert set(pairs_in(unzipped(written(FileKind.BUNDLE, replace(page, paper=None), DESK)))) == {"csv", "xlsx"}


async def test_to_send_a_file_alone_or_a_signature_alone_says_what_is_missing(site: Site) -> None:
    ours = signature_of("scores.csv", FILE, COVER, replace(DESK, keys=site.settings.token_keys))
    copy = signed_copy(COVER, [SHEET], replace(DESK, keys=site.settings.token_keys))
    for signature, file, words in (
        (None, FILE, "A file alone does not tell"),
        (ours, None, "Choose the file too"),
        (copy, FILE, "says nothing of another file"),
        (FILE, ours, "no signed copy and no signature"),
    ):
        answer = await sent(site, signature, file)
        assert answer.status_code == 422
        assert words in answer.text
        assert "unchanged</h1>" not in answer.text


async def test_a_signature_that_was_changed_or_made_elsewhere_proves_no_file(site: Site) -> None:
    ours = signature_of("scores.csv", FILE, COVER, replace(DESK, keys=site.settings.token_keys))
    forged = ours.replace(digest(FILE).encode(), digest(b"forged").encode())
    assert forged != ours
    assert "This signature was changed" in (await sent(site, forged, b"forged")).text
    strange = signature_of("scores.csv", FILE, COVER, replace(DESK, keys=(THEIRS,)))
    answer = await sent(site, strange, FILE)
    assert "This signature is not ours" in answer.text
    assert COVER.title not in answer.text


async def test_a_file_beside_a_signature_under_a_stolen_key_proves_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = signature_of("scores.csv", FILE, COVER, replace(DESK, keys=site.settings.token_keys))
    stolen = replace(site.settings, struck_keys=tuple(public_keys(site.settings.token_keys)))
    monkeypatch.setattr(site.front.main.state, "settings", stolen)  # type: ignore[attr-defined]
    assert "This signature proves nothing" in (await sent(site, ours, FILE)).text


@pytest.mark.parametrize(
    "file",
    [b"", b"PK\x03\x04" + b"\x00" * 60, b"%PDF-" + b"<<" * 9000, b"\xff" * 3_000_000, "=1".encode("utf-16")],
)
async def test_whatever_is_sent_as_the_file_is_only_hashed(site: Site, file: bytes) -> None:
    ours = signature_of("scores.csv", FILE, COVER, replace(DESK, keys=site.settings.token_keys))
    answer = await sent(site, ours, file)
    assert answer.status_code == 200
    assert OTHER in answer.text


async def test_a_file_or_a_signature_that_is_too_large_is_refused(site: Site) -> None:
    assert (await sent(site, SIGNATURE, b" " * 42_100_000)).status_code == 413
    assert (await sent(site, b" " * 2_100_000, FILE)).status_code == 413


async def test_words_of_a_signature_are_words_on_the_page(site: Site) -> None:
    desk = replace(DESK, keys=site.settings.token_keys)
    cover = replace(COVER, title="<script>alert(1)</script>", lines=("<b>bold</b>",))
    answer = await sent(site, signature_of("<i>name</i>.csv", FILE, cover, desk), FILE)
    assert GENUINE in answer.text
    for words in ("<script>alert", "<b>bold", "<i>name"):
        assert words not in answer.text


async def test_a_stranger_and_a_viewer_of_a_sibling_store_get_no_bundle(site: Site, there: ShopWorld) -> None:
    url = f"/portal/shops/{await release(await approved(there))}/files/signed.zip"
    assert (await (await site.visitor()).get(url)).status_code == 303
    sibling = await site.viewer(there.affiliate_id, there.client_id, await there.location("CK-044"))
    assert (await sibling.get(url)).status_code == 404


async def test_of_a_withdrawn_report_nothing_is_signed_any_more(head: Browser, there: ShopWorld) -> None:
    one = await approved(there)
    url = f"/portal/shops/{await release(one)}/files/signed.zip"
    async with there.transaction():
        await releases.recall_shop(there.scope, one.shop_id, "wrong_place", NOW)
    answer = await head.get(url)
    assert answer.status_code == 410
    assert not answer.content.startswith(b"PK")


@pytest.mark.parametrize("page", PAGES)
async def test_every_file_of_a_survey_leaves_with_a_signature_and_is_the_file_that_is_downloaded_alone(
    site: Site, viewer: Browser, later: object, page: str
) -> None:
    pairs = pairs_in(await bundle(viewer, f"/portal/files/{page}/signed.zip"))
    assert set(pairs) == {"csv", "xlsx"}
    for kind, (file, signature) in pairs.items():
        assert (await viewer.get(f"/portal/files/{page}/{kind}")).content == file
        answer = await sent(site, signature, file)
        assert GENUINE in answer.text
        assert "set-cookie" not in answer.headers
        assert OTHER in (await sent(site, signature, file + b" ")).text
    assert (await sent(site, pairs["csv"][1], pairs["xlsx"][0])).text.count(OTHER)


@pytest.mark.parametrize("part", ["", "/overview", "/report"])
async def test_every_file_about_visits_leaves_with_a_signature_and_is_the_file_that_is_downloaded_alone(
    site: Site, head: Browser, there: ShopWorld, part: str
) -> None:
    report_ref = await release(await approved(there))
    base = f"/portal/shops/{report_ref}/files" if part == "/report" else f"/portal/shops{part}/files"
    pairs = pairs_in(await bundle(head, f"{base}/signed.zip"))
    assert set(pairs) == {"csv", "xlsx", *(["pdf"] if part == "/report" else [])}
    for kind, (file, signature) in pairs.items():
        assert (await head.get(f"{base}/{kind}")).content == file
        assert GENUINE in (await sent(site, signature, file)).text
        assert OTHER in (await sent(site, signature, file[:-1])).text


async def test_the_signed_files_are_offered_on_every_page_that_has_files(
    viewer: Browser, later: object, head: Browser, there: ShopWorld
) -> None:
    report = f"/portal/shops/{await release(await approved(there))}"
    pages = [*((viewer, f"/portal/{page}") for page in PAGES)]
    pages += [(head, url) for url in ("/portal/shops", "/portal/shops/overview", report)]
    for browser, url in pages:
        text = (await browser.get(url)).text
        [link] = re.findall(r'href="([^"]*/signed\.zip[^"]*)"', text)
        assert (await browser.get(link.replace("&amp;", "&"))).content.startswith(b"PK"), url


@pytest.mark.skipif(shutil.which("openssl") is None or shutil.which("sha256sum") is None, reason="nobody to ask")
async def test_openssl_and_sha256sum_agree_by_the_keys_that_we_publish(
    site: Site, head: Browser, there: ShopWorld, tmp_path: Path
) -> None:
    url = f"/portal/shops/{await release(await approved(there))}/files/signed.zip"
    published = (await (await site.visitor()).client.get(KEYS_PATH)).json()["keys"]
    for file, signature in pairs_in(await bundle(head, url)).values():
        parts = json.loads(signature)
        [raw] = [each["ed25519"] for each in published if each["key"] == parts["key"]]
        (tmp_path / "file").write_bytes(file)
        assert told(["sha256sum", "file"], tmp_path).split()[0] == json.loads(parts["statement"])["file"]["sha256"]
        assert openssl_agrees(raw, parts["statement"], parts["signature"], tmp_path)
        assert not openssl_agrees(raw, parts["statement"].replace("1", "2", 1), parts["signature"], tmp_path)


def told(command: list[str], folder: Path) -> str:
    """What a program of the machine says."""
    return subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True).stdout


def digest(content: bytes) -> str:
    """SHA-256 in hex, by the standard library and not by our own."""
    return hashlib.sha256(content).hexdigest()
