"""A shopper shows a photo, a document and words in a field; staff look and decide; the sign-in gets another address."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, FilePayload

from survey.accounts.domain import AccountRole
from tests.attacks.crossing.showing import paper_of
from tests.chromium import CHROMIUM
from tests.survey.shops.fieldwork.conftest import photo

from .schedulers import open_the_door
from .shoppers import PASSWORD as SHOPPERS_PASSWORD
from .shoppers import TYPED
from .staff import sign_in
from .town import Town
from .walk import DESK, PHONE, Manner, Walk, walking

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]
PHOTO = FilePayload(name="me.png", mimeType="image/png", buffer=photo("teal", (900, 600), "PNG"))
PAPER = FilePayload(name="licence.pdf", mimeType="application/pdf", buffer=paper_of("licence"))
HOSTILE = FilePayload(name="me.jpg", mimeType="image/jpeg", buffer=b"<svg onload=alert(1)>")


@pytest.mark.parametrize("has_scripts", [False, True], ids=["phone-plain", "phone-scripts"])
async def test_a_shopper_shows_something_and_staff_decide(town: Town, browser: Browser, has_scripts: bool) -> None:
    slug = f"shows-{'scripts' if has_scripts else 'plain'}"
    company, address = await town.with_company(slug), f"ada@{slug}.example"
    await company.account(AccountRole.AFFILIATE_ADMIN, f"admin@{slug}.example")
    async with (
        walking(browser, town.origin, Manner(DESK, has_scripts=not has_scripts)) as desk,
        walking(browser, town.origin, Manner(PHONE, has_scripts=has_scripts)) as phone,
    ):
        await sign_in(desk, f"admin@{slug}.example")
        await open_the_door(desk)
        await _define(desk)
        await _join(town, phone, slug, address)
        await _show(phone)
        await _decide(desk)
        await _read(phone)
        await _move(town, phone, address)
        assert [*desk.faults, *phone.faults] == []


async def _define(desk: Walk) -> None:
    """A qualification with a document, and a field of the company's own."""
    await desk.open("/shoppers/rules")
    await desk.press("Add a qualification")
    await desk.page.get_by_label("What can be recorded").fill("Forklift licence")
    await desk.page.get_by_label("Code").fill("forklift")
    await desk.page.get_by_label("Shoppers send a document for it").check()
    await desk.page.get_by_label("What to send").fill("Both sides of the card.\nCover the number.")
    await desk.page.get_by_label("Good for").fill("12")
    await desk.press("Add the qualification")
    await desk.press("Forklift licence")
    await desk.press("Save the qualification")
    await desk.press("Add a field")
    await desk.page.get_by_label("Question").fill("Your usual shopping days")
    await desk.page.get_by_label("A line of text").check()
    await desk.page.get_by_label("Why you ask").fill("Some visits are on market days.")
    await desk.page.get_by_label("It must be answered").check()
    await desk.press("Add the field", within=desk.page.get_by_role("main"))
    await desk.press("Your usual shopping days")
    await desk.press("Save the field")


async def _join(town: Town, phone: Walk, slug: str, address: str) -> None:
    await phone.open(f"/register/{slug}")
    await phone.page.get_by_label("Month").select_option("5")
    await phone.page.get_by_label("Year").fill("1990")
    await phone.press("Go on")
    for label, value in (TYPED | {"E-mail address": address}).items():
        await phone.page.get_by_label(label, exact=True).fill(value)
    await phone.page.get_by_label("Country").select_option("US")
    await phone.page.get_by_label("I agree to version 1").check()
    await phone.press("Register")
    await phone.open(await _link(town, address, "registration"))
    await phone.page.get_by_label("Password").fill(SHOPPERS_PASSWORD)
    await phone.press("Confirm and begin")


async def _show(phone: Walk) -> None:
    """A photo, after one that is none; a document; an answer, after one that may not be kept."""
    await phone.open("/shopper/profile/photo")
    await phone.page.get_by_label("Photo", exact=True).set_input_files(HOSTILE)
    await _refused(phone, "Save this photo", "This file is no photo")
    await phone.page.get_by_label("Photo", exact=True).set_input_files(PHOTO)
    await phone.press("Save this photo")
    await phone.open("/shopper/profile/photo")
    assert await phone.page.locator("img.portrait").evaluate("image => image.naturalWidth") == 480
    await phone.open("/shopper/profile/fields")
    await phone.page.get_by_label("Your usual shopping days").fill("4111 1111 1111 1111")
    await _refused(phone, "Save my answers", "This looks like a card number")
    await phone.page.get_by_label("Your usual shopping days").fill("Saturdays")
    await phone.press("Save my answers")
    await phone.open("/shopper/profile/qualifications")
    await phone.press("Forklift licence")
    await phone.page.get_by_label("Document", exact=True).set_input_files(PAPER)
    await phone.press("Send this document")
    await phone.press("Forklift licence")
    assert "Waits to be looked at" in await phone.page.inner_text("main")


async def _refused(walk: Walk, button: str, words: str) -> None:
    """A page that is answered with 422 is meant to be: Chromium's grumbling about it is no fault."""
    await walk.press(button)
    assert words in await walk.page.inner_text("main")
    walk.faults = [fault for fault in walk.faults if "status of 422" not in fault]


async def _decide(desk: Walk) -> None:
    """Look at the document, accept it, and open the person."""
    await desk.open("/shoppers")
    await desk.press("A document waits to be checked")
    await desk.press("Forklift licence")
    async with desk.page.expect_download() as arriving:
        await desk.page.get_by_role("link", name="Save the document").click()
    assert (await arriving.value).suggested_filename.endswith(".pdf")
    await desk.press("Record the qualification")
    await desk.open("/shoppers")
    await desk.page.locator("tbody a").first.click()
    await desk.page.get_by_label("Check a qualification").check()
    await desk.press("Show name and address")
    assert "Saturdays" in await desk.page.inner_text("main")
    assert await desk.page.locator("main img").evaluate("image => image.naturalWidth") == 480


async def _read(phone: Walk) -> None:
    await phone.open("/shopper/profile/qualifications")
    assert "Valid" in await phone.page.inner_text("main")
    await phone.open("/shopper/profile")
    await phone.open("/shopper/profile/looks")
    assert "check a document that was sent for a qualification" in await phone.page.inner_text("main")


async def _move(town: Town, phone: Walk, address: str) -> None:
    """Another address to sign in with, and then back, from the mailbox that was the first."""
    new = f"new-{address}"
    await phone.open("/account")
    await phone.open("/account/address")
    await phone.page.get_by_label("New address").fill(new)
    await phone.page.get_by_label("Your password").fill(SHOPPERS_PASSWORD)
    await phone.press("Write to the new address")
    await phone.open(await _link(town, new, "new-address"))
    await phone.press("Yes, use this address")
    assert "Your new address counts" in await phone.page.inner_text("h1")
    await phone.open(await _link(town, address, "stop-address"))
    await phone.press("It was not me: stop it")
    assert "Stopped" in await phone.page.inner_text("h1")


async def _link(town: Town, address: str, path: str) -> str:
    """The path of a link in the newest message to an address, once there is one."""
    wanted = re.compile(rf"https?://\S+(/{path}/\S+)")
    for _ in range(200):
        if any(caught.to == address for caught in town.mail()) and (found := wanted.search(town.text_to(address))):
            return found[1]
        await asyncio.sleep(0.1)
    raise AssertionError(f"no link to {path} for {address}")
