"""A shopper's photo: what gets in, what is left of it, who sees it, and when it goes."""

from base64 import b64encode
from io import BytesIO

import asyncpg
import httpx
import pytest
from PIL import Image

from privacy.vault import shred
from survey.db import Database, NotFound, Role, transaction
from survey.media import media_of
from survey.media.pictures import FILE_BYTES, SQUARE_SIDE
from survey.queue import JobContext
from survey.settings import Settings
from survey.shoppers.jobs import forget_erased, remove_file
from tests.attacks.crossing.papers import beside_pixels
from tests.attacks.crossing.reporting import photograph
from tests.conftest import NOW, World
from tests.survey.shops.fieldwork.conftest import photo
from tests.survey.shops.fieldwork.test_evidence import HOSTILE
from tests.web_client import Browser, Site

from .conftest import Post, Registered, actions, files_to_remove, registered

THERE = "/shopper/profile/photo"
LEFT, MIDDLE = (200, 30, 30), (30, 30, 200)


def banner() -> bytes:
    """A wide picture: red at its ends, blue in its middle."""
    picture, written = Image.new("RGB", (900, 300), LEFT), BytesIO()
    picture.paste(Image.new("RGB", (300, 300), MIDDLE), (300, 0))
    picture.save(written, "PNG")
    return written.getvalue()


async def send(browser: Browser, content: bytes | None = None) -> httpx.Response:
    """Choose a file and press the button."""
    files = {"photo": ("me.jpg", photo() if content is None else content, "image/jpeg")}
    return await browser.client.post(THERE, data={"csrf": browser.csrf()}, files=files)


async def key_of(superuser: asyncpg.Connection, who: Registered) -> str | None:
    """The name of the file that the row names."""
    found: str | None = await superuser.fetchval(
        "SELECT media_key FROM identity.portrait WHERE shopper_id = $1", who.shopper_id
    )
    return found


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_no_good_picture_is_refused_with_what_to_do(ada: Registered, what: str) -> None:
    content, words = HOSTILE[what]
    answer = await send(ada.browser, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert (await ada.browser.get(f"{THERE}/file")).status_code == 404


async def test_a_form_without_a_file_says_so(ada: Registered) -> None:
    answer = await ada.browser.post(THERE, {})
    assert answer.status_code == 422
    assert "Choose a photo first" in answer.text


async def test_a_file_that_is_too_large_is_not_looked_into(ada: Registered) -> None:
    answer = await send(ada.browser, photo() + b"\0" * FILE_BYTES)
    assert answer.status_code == 422
    assert "larger than 20 MB" in answer.text


async def test_a_photo_is_its_middle_as_a_small_square(ada: Registered, superuser: asyncpg.Connection) -> None:
    assert (await send(ada.browser, banner())).status_code == 303
    answer = await ada.browser.get(f"{THERE}/file")
    with Image.open(BytesIO(answer.content)) as kept:
        assert (answer.headers["content-type"], kept.format, kept.size) == ("image/jpeg", "JPEG", (300, 300))
        for x in (10, 150, 290):
            pixel = kept.getpixel((x, 150))
            assert isinstance(pixel, tuple)
            assert max(abs(one - other) for one, other in zip(pixel, MIDDLE, strict=True)) < 12
    assert THERE in (await ada.browser.get("/shopper/profile")).text
    assert (await actions(superuser, ada.shopper_id))[-1] == "shopper.photo"


async def test_a_large_photo_is_made_small_and_loses_what_the_camera_wrote(ada: Registered) -> None:
    taken = photograph("CANARY")
    await send(ada.browser, taken)
    await send(ada.browser, photo(size=(3000, 2000)))
    large = (await ada.browser.get(f"{THERE}/file")).content
    await send(ada.browser, taken)
    kept = (await ada.browser.get(f"{THERE}/file")).content
    assert Image.open(BytesIO(large)).size == (SQUARE_SIDE, SQUARE_SIDE)
    assert b"CANARY" in beside_pixels(taken)
    assert b"CANARY" not in beside_pixels(kept) + kept
    assert b"zqxgps" not in beside_pixels(kept)


async def test_the_store_holds_noise_that_only_the_shoppers_key_opens(
    ada: Registered, site: Site, superuser: asyncpg.Connection
) -> None:
    await send(ada.browser)
    shown = (await ada.browser.get(f"{THERE}/file")).content
    kept = await media_of(site.settings).read(str(await key_of(superuser, ada)), limit_bytes=FILE_BYTES)
    assert b"JFIF" in shown
    assert b"JFIF" not in kept
    assert shown[100:200] not in kept
    async with transaction(Role.WORKER) as here:
        await shred(here, ada.shopper_id)
    assert (await ada.browser.get(f"{THERE}/file")).status_code != 200


async def test_nobody_else_gets_at_a_photo(
    ada: Registered, site: Site, post: Post, world: World, door: str, other_door: str
) -> None:
    await send(ada.browser)
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id) as here:
        assert await here.fetchval("SELECT count(*) FROM identity.portrait") == 0
    colleague = await registered(site, post, world.alices, door)
    stranger = await registered(site, post, world.charlies, other_door)
    for browser in (colleague.browser, stranger.browser, await site.visitor()):
        assert (await browser.get(f"{THERE}/file")).status_code in {303, 404}
    foreign = await site.signed_in(world.charlies.affiliate_id, "affiliate_admin")
    assert (await foreign.post(f"/shoppers/{ada.shopper_id}", {"purpose": "reach"})).status_code == 404


@pytest.mark.parametrize("role", [Role.CLIENT, Role.RELEASER, Role.RESPONDENT, Role.DESK, Role.PROVIDER, Role.GATE])
async def test_the_roles_of_clients_and_releases_cannot_even_ask(role: Role) -> None:
    for table in ("portrait", "document", "profile_answer"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(role) as here:
                await here.fetchval(f"SELECT count(*) FROM identity.{table}")


async def test_staff_see_it_with_the_name_for_a_reason_that_is_on_record(
    ada: Registered, scheduler: Browser, superuser: asyncpg.Connection
) -> None:
    await send(ada.browser)
    shown = b64encode((await ada.browser.get(f"{THERE}/file")).content).decode()
    closed = (await scheduler.get(f"/shoppers/{ada.shopper_id}")).text
    opened = (await scheduler.submit(f"/shoppers/{ada.shopper_id}", {"purpose": "reach"})).text
    row = await superuser.fetchrow(
        "SELECT actor_id, purpose FROM ledger.event WHERE subject_id = $1 AND action = 'shopper.photo_read'",
        ada.shopper_id,
    )
    assert "data:image" not in closed
    assert shown in opened
    assert (row["actor_id"], row["purpose"]) == (scheduler.account_id, "reach the shopper about a shop")


async def test_without_a_photo_no_look_at_one_is_on_record(
    ada: Registered, scheduler: Browser, superuser: asyncpg.Connection
) -> None:
    opened = (await scheduler.submit(f"/shoppers/{ada.shopper_id}", {"purpose": "reach"})).text
    assert "<img" not in opened
    assert "shopper.photo_read" not in await actions(superuser, ada.shopper_id)


async def test_another_photo_takes_its_place_and_the_old_file_goes(
    ada: Registered, settings: Settings, database: Database, superuser: asyncpg.Connection
) -> None:
    await send(ada.browser)
    old = await key_of(superuser, ada)
    await send(ada.browser, photo("crimson"))
    new = await key_of(superuser, ada)
    await remove_file.handler(JobContext(settings, database, lambda: NOW), {"media_key": str(old)})
    assert old != new
    assert old in await files_to_remove(superuser)
    assert await media_of(settings).size_bytes(str(new)) > 0
    with pytest.raises(NotFound):
        await media_of(settings).size_bytes(str(old))


async def test_a_removed_photo_is_gone_and_removing_twice_is_once(
    ada: Registered, superuser: asyncpg.Connection
) -> None:
    await send(ada.browser)
    media_key = await key_of(superuser, ada)
    for _ in range(2):
        assert (await ada.browser.post(f"{THERE}/remove")).status_code == 303
    assert (await ada.browser.get(f"{THERE}/file")).status_code == 404
    assert media_key in await files_to_remove(superuser)
    assert list(await actions(superuser, ada.shopper_id)).count("shopper.photo_remove") == 1


async def test_who_is_erased_leaves_no_photo_behind(
    ada: Registered, settings: Settings, database: Database, superuser: asyncpg.Connection
) -> None:
    await send(ada.browser)
    media_key = str(await key_of(superuser, ada))
    await superuser.execute("UPDATE identity.shopper SET status = 'erased' WHERE id = $1", ada.shopper_id)
    for _ in range(2):
        await forget_erased.handler(JobContext(settings, database, lambda: NOW), {})
    assert await key_of(superuser, ada) is None
    with pytest.raises(NotFound):
        await media_of(settings).size_bytes(media_key)
