"""How a company looks: who sets it, what is refused, what is served, and what is kept of the change."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from PIL import Image

from survey.affiliates import jobs
from survey.affiliates.domain import LONGEST_SESSION_MINUTES, key_of
from survey.db import Database
from survey.media import media_of
from survey.media.logos import FILE_BYTES
from survey.queue import JobContext
from tests.conftest import NOW, World
from tests.survey.affiliates.test_settings import office
from tests.survey.shops.fieldwork.conftest import photo
from tests.survey.shops.fieldwork.test_evidence import SVG, bomb
from tests.web_client import Browser, Site

__all__ = ["office"]

THERE = "/settings/brand"
STORED = "SELECT name, accent, contact_email, contact_phone, postal_address FROM field.affiliate WHERE id = $1"


def brand(**fields: str) -> dict[str, str]:
    """The form as it is sent, under a name that no other test has."""
    return {
        "name": f"Alice and daughters {uuid4().hex}",
        "accent": "#0B5C67",
        "contact_email": "hello@alice.test",
        "contact_phone": "+44 131 496 0000",
        "postal_address": "3 Hill Road\n\nTestford",
    } | fields


async def send(browser: Browser, content: bytes) -> httpx.Response:
    """Choose a logo and press the button."""
    files = {"logo": ("logo.png", content, "image/png")}
    return await browser.client.post(f"{THERE}/logo", data={"csrf": browser.csrf()}, files=files)


async def logo_of(superuser: asyncpg.Connection, affiliate_id: UUID) -> str | None:
    """The name of the logo's file."""
    found: str | None = await superuser.fetchval("SELECT logo FROM field.affiliate WHERE id = $1", affiliate_id)
    return found


async def recorded(superuser: asyncpg.Connection, affiliate_id: UUID, action: str) -> list[str]:
    """What the ledger says of an action."""
    rows = await superuser.fetch(
        "SELECT detail::text FROM ledger.event WHERE object_id = $1 AND action = $2 ORDER BY recorded_at",
        affiliate_id,
        action,
    )
    return [row["detail"] for row in rows]


@pytest.mark.parametrize("role", ["manager", "scheduler", "editor", "payroll", "provider"])
async def test_nobody_but_an_administrator_opens_the_page(site: Site, world: World, role: str) -> None:
    browser = await site.signed_in(world.alices.affiliate_id, role)
    assert (await browser.get(THERE)).status_code == 403
    for address in (THERE, f"{THERE}/logo/remove"):
        assert (await browser.post(address, brand())).status_code == 403
    assert (await send(browser, photo())).status_code == 403


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("name", "", "company’s name"),
        ("name", "Kestrel\nBcc: x@example.org", "without a line break"),
        ("name", "Kestrel \u202ehcraeseR", "turn the direction"),
        ("name", "<b>Kestrel</b>", "without &lt; and &gt;"),
        ("name", "C\u0430ndour", "of one alphabet"),
        ("name", "Candour Support", "the platform’s"),
        ("accent", "teal", "six digits"),
        ("accent", "#0b5c67;}", "six digits"),
        ("contact_email", "hello@alice.test\nBcc: x@example.org", "people can reply to"),
        ("contact_email", "nowhere", "people can reply to"),
        ("contact_phone", "call\nBcc: x@example.org", "telephone number"),
        ("postal_address", " ", "the law wants it"),
        ("postal_address", "3 Hill Road\u2066", "turn the direction"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_reason(
    office: Browser, world: World, superuser: asyncpg.Connection, field: str, wrong: str, words: str
) -> None:
    before = await superuser.fetchrow(STORED, world.alices.affiliate_id)
    answer = await office.submit(THERE, brand(**{field: wrong}))
    assert (answer.status_code, words in answer.text) == (422, True)
    assert await superuser.fetchrow(STORED, world.alices.affiliate_id) == before


async def test_a_colour_that_is_too_light_is_refused_with_its_ratio_and_a_tone_that_can_be_read(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    typed = brand(accent="#f2b632")
    answer = await office.submit(THERE, typed)
    assert answer.status_code == 422
    assert "a contrast of 1.6 to 1" in answer.text
    offered = answer.text.partition('name="instead" value="')[2][:6]
    assert f"Save with #{offered} instead" in answer.text
    assert (await office.submit(THERE, typed | {"instead": offered})).status_code == 303
    assert (await superuser.fetchrow(STORED, world.alices.affiliate_id))["accent"] == offered


async def test_a_name_that_looks_like_anothers_is_refused(
    office: Browser, site: Site, world: World, superuser: asyncpg.Connection
) -> None:
    theirs = await site.signed_in(world.charlies.affiliate_id, "affiliate_admin")
    name = f"Northern Light {uuid4().hex}"
    assert (await theirs.submit(THERE, brand(name=name))).status_code == 303
    answer = await office.submit(THERE, brand(name=name.upper().replace("O", "0")))
    assert (answer.status_code, "a name that looks like this one" in answer.text) == (422, True)
    assert (await superuser.fetchrow(STORED, world.alices.affiliate_id))["name"] == "alice's"
    assert (await theirs.submit(THERE, brand(name=name, accent="#7a1f5c"))).status_code == 303


async def test_a_name_that_was_there_before_stays_though_another_is_like_it(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    name = f"Old Mill {uuid4().hex}"
    for scope, key in ((world.alices, None), (world.charlies, key_of(name))):
        await superuser.execute(
            "UPDATE field.affiliate SET name = $2, name_key = $3 WHERE id = $1", scope.affiliate_id, name, key
        )
    assert (await office.submit(THERE, brand(name=name))).status_code == 303
    assert (await office.submit(THERE, brand(name=f"{name} and Sons"))).status_code == 303
    assert (await office.submit(THERE, brand(name=name))).status_code == 422


async def test_a_brand_is_saved_for_the_own_affiliate_alone(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    typed = brand()
    assert (await office.submit(THERE, typed)).headers["location"] == THERE
    own = await superuser.fetchrow(STORED, world.alices.affiliate_id)
    assert tuple(own) == (typed["name"], "0b5c67", "hello@alice.test", "+44 131 496 0000", "3 Hill Road\nTestford")
    theirs = await superuser.fetchrow(STORED, world.charlies.affiliate_id)
    assert (theirs["name"], theirs["accent"]) == ("charlie's", None)
    page = (await office.get(THERE)).text
    assert all(part in page for part in ("People see it from the next page", typed["name"], "#0b5c67"))


async def test_the_record_names_old_and_new_but_no_address_and_no_number(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    typed = brand()
    for _ in range(2):
        await office.submit(THERE, typed)
    (detail,) = await recorded(superuser, world.alices.affiliate_id, "affiliate.brand")
    assert '"name.old": "alice\'s"' in detail
    assert '"accent.new": "0b5c67"' in detail
    assert '"contact_email.changed": true' in detail
    assert '"contact_phone.changed": true' in detail
    assert "@" not in detail
    # The name of a test is digits too.
    assert "496" not in detail.replace(typed["name"], "")


async def test_no_colour_brings_the_houses_own_back(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    typed = brand()
    await office.submit(THERE, typed)
    assert (await office.submit(THERE, typed | {"accent": ""})).status_code == 303
    assert (await superuser.fetchrow(STORED, world.alices.affiliate_id))["accent"] is None


async def test_a_preview_shows_what_is_typed_and_saves_nothing(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    typed = brand(accent="#7a1f5c") | {"preview": "1"}
    page = (await office.submit(THERE, typed)).text
    assert (page.count(typed["name"]) > 3, "/brand/7a1f5c/" in page, "<form" in page) == (True, True, True)
    swap = {"HX-Request": "true", "HX-Request-Type": "partial"}
    fragment = (await office.post(THERE, typed, headers=swap)).text
    assert ("/brand/7a1f5c/" in fragment, "<form" in fragment, "<html" in fragment) == (True, False, False)
    assert (await superuser.fetchrow(STORED, world.alices.affiliate_id))["name"] == "alice's"


async def test_a_preview_of_what_cannot_be_saved_shows_what_is_saved(office: Browser) -> None:
    await office.submit(THERE, brand(accent="#7a1f5c"))
    page = (await office.submit(THERE, brand(accent="#ffff00", name="<i>") | {"preview": "1"})).text
    assert "What cannot be saved is not shown here" in page
    assert "/brand/7a1f5c/" in page
    assert "/brand/ffff00/" not in page
    assert "<i>" not in page


async def test_the_colours_sheet_is_kept_for_ever_and_knows_no_visitor(site: Site, office: Browser) -> None:
    await office.submit(THERE, brand())
    url = (await office.get(THERE)).text.partition('href="/brand/')[2].partition('"')[0]
    answer = await (await site.visitor()).get(f"/brand/{url}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer.headers["cache-control"]
    assert "set-cookie" not in answer.headers
    assert "--accent:light-dark(#0b5c67," in answer.text
    made_up = await (await site.visitor()).get(f"/brand/0b5c67/{'0' * 32}.css")
    assert (made_up.status_code, "immutable" in made_up.headers["cache-control"]) == (404, False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SVG, "can hold scripts"),
        (bomb(), "too many pixels"),
        (b"%PDF-1.7", "no picture that we know"),
        (photo()[:400], "damaged or cut off"),
        (photo() + b"\0" * FILE_BYTES, "larger than 2 MB"),
    ],
    ids=["svg", "bomb", "pdf", "cut off", "too large"],
)
async def test_a_file_that_is_no_good_logo_is_refused_in_words(
    office: Browser, world: World, superuser: asyncpg.Connection, content: bytes, words: str
) -> None:
    answer = await send(office, content)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert await logo_of(superuser, world.alices.affiliate_id) is None


async def test_a_form_without_a_file_says_so(office: Browser) -> None:
    answer = await office.post(f"{THERE}/logo", {})
    assert (answer.status_code, "Choose a file first" in answer.text) == (422, True)


async def test_a_logo_is_served_as_a_png_to_whoever_knows_its_address(
    office: Browser, site: Site, world: World, superuser: asyncpg.Connection
) -> None:
    assert (await send(office, photo(size=(800, 200)))).status_code == 303
    name = await logo_of(superuser, world.alices.affiliate_id)
    assert f'src="/brand/{name}.png" alt="alice&#39;s"' in (await office.get(THERE)).text
    answer = await (await site.visitor()).get(f"/brand/{name}.png")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert "immutable" in answer.headers["cache-control"]
    assert "set-cookie" not in answer.headers
    assert Image.open(BytesIO(answer.content)).size == (384, 96)
    assert await recorded(superuser, world.alices.affiliate_id, "affiliate.logo") == ["{}"]


@pytest.mark.parametrize("name", ["nothing", "nothing.png", f"{'0' * 32}.png", f"{'0' * 32}.svg", "..%2f..%2fetc.png"])
async def test_no_other_file_is_served_there(site: Site, name: str) -> None:
    assert (await (await site.visitor()).get(f"/brand/{name}")).status_code == 404


async def test_files_of_other_kinds_are_not_served_as_logos(site: Site) -> None:
    key = await media_of(site.settings).put("portraits", b"somebody", limit_bytes=100)
    name = key.rpartition("/")[2]
    assert (await (await site.visitor()).get(f"/brand/{name}.png")).status_code == 404


async def test_a_logo_that_is_replaced_or_removed_goes(
    office: Browser, site: Site, world: World, superuser: asyncpg.Connection, database: Database
) -> None:
    await send(office, photo())
    first = await logo_of(superuser, world.alices.affiliate_id)
    await send(office, photo("red"))
    second = await logo_of(superuser, world.alices.affiliate_id)
    for _ in range(2):
        assert (await office.post(f"{THERE}/logo/remove")).status_code == 303
    assert await logo_of(superuser, world.alices.affiliate_id) is None
    waiting = {
        row["dedupe_key"].rpartition(" ")[2]: row["wait"]
        for row in await superuser.fetch(
            "SELECT dedupe_key, execute_after - created AS wait FROM ops.job WHERE entrypoint = $1",
            "affiliates.remove_logo",
        )
    }
    # A client who signed in before may see it for as long as a session lasts.
    longest = timedelta(minutes=LONGEST_SESSION_MINUTES)
    assert [waiting[logo] >= longest for logo in (first, second)] == [True, True]
    for logo in (first, second):
        for _ in range(2):
            await jobs.remove_logo.handler(JobContext(site.settings, database, lambda: NOW), {"logo": str(logo)})
        assert (await (await site.visitor()).get(f"/brand/{logo}.png")).status_code == 404
    assert len(await recorded(superuser, world.alices.affiliate_id, "affiliate.logo_remove")) == 1


async def test_a_store_that_is_full_changes_nothing(
    office: Browser, world: World, superuser: asyncpg.Connection, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(office, photo())
    before = await logo_of(superuser, world.alices.affiliate_id)

    async def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("obstore.put_async", full)
    assert (await send(office, photo("red"))).status_code >= 500
    assert await logo_of(superuser, world.alices.affiliate_id) == before
    assert (await (await site.visitor()).get(f"/brand/{before}.png")).status_code == 200
