"""What a shopper does: register, read a guideline, ask for a shop, make the visit, mend the report, be paid."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .town import Town
from .walk import Walk

PASSWORD = "brisk lantern oboe meadow"
LINK = re.compile(r"https?://\S+(/registration/\S+)")
NAME = "Ada Quillfeather"
TYPED = {
    "Your name": NAME,
    "Telephone": "+1 614 555 0134",
    "Street and house number": "12 Wrenfield Street",
    "Town or city": "Larkhollow",
    "State, province or county": "Ohio",
    "Postal code": "43004",
}


async def register(phone: Walk, slug: str, email: str) -> None:
    """From the company's door to the page that says to look into the mailbox."""
    await phone.open(f"/register/{slug}")
    await phone.page.get_by_label("Month").select_option("5")
    await phone.page.get_by_label("Year").fill("1990")
    await phone.press("Go on")
    for label, value in (TYPED | {"E-mail address": email}).items():
        await phone.page.get_by_label(label, exact=True).fill(value)
    await phone.page.get_by_label("Country").select_option("US")
    await phone.page.get_by_label("I agree to version 1").check()
    await phone.press("Register")


async def confirm(phone: Walk, town: Town, email: str) -> None:
    """Follow the link of the mail and choose a password."""
    await phone.open(await _link(town, email))
    await phone.page.get_by_label("Password").fill(PASSWORD)
    await phone.press("Confirm and begin")


async def _link(town: Town, email: str) -> str:
    for _ in range(200):
        if any(caught.to == email for caught in town.mail()):
            break
        await asyncio.sleep(0.1)
    found = LINK.search(town.text_to(email))
    assert found, "no link in the message"
    return found[1]


async def say_where_to_pay(phone: Walk, iban: str) -> None:
    """An account for the pay to come."""
    await phone.press("Pay", phone.page.get_by_label("Your pages"))
    await phone.press("Say where")
    await phone.page.get_by_label("Bank account with an IBAN").check()
    await phone.page.fill("[name=iban]", iban)
    await phone.press("Save")


async def pass_the_quiz(phone: Walk, place: str, answer: str) -> None:
    """Find the shop on the board, be told of the guideline, read it, pass, and be led back to the shop."""
    await phone.press("Find a shop on the job board")
    await phone.press(place)
    await phone.press("Read the guideline and take the quiz")
    await phone.press("I have read it")
    await phone.page.get_by_label(answer).check()
    await phone.press("Send the answers")
    await phone.press("Go on to the shop")


async def ask_for_it(phone: Walk) -> None:
    """Ask for the shop, for today."""
    await phone.page.get_by_label("The day you go").fill(datetime.now(UTC).date().isoformat())
    await phone.page.get_by_label("For the scheduler").fill("Before noon would suit me.")
    await phone.press("Ask for this shop")


async def make_the_visit(phone: Walk, place: str, story: str, photo: Path) -> None:
    """From my shops through the whole report to its last check."""
    await phone.press("My shops")
    await phone.press(place)
    await phone.press("Start the visit")
    await phone.page.get_by_label("No", exact=True).check()
    await phone.page.get_by_label("Why? What happened?").fill("The counter was empty.")
    await moved_on(phone, "Continue", "The story")
    await phone.page.get_by_label("What happened?", exact=True).fill(story)
    await moved_on(phone, "Continue", "Times and receipt")
    await _times(phone)
    await moved_on(phone, "Continue", "Pictures and receipt")
    await phone.page.get_by_label("Picture", exact=True).set_input_files(photo)
    await phone.page.get_by_role("button", name="Add this picture").click()
    await phone.page.get_by_role("img", name="Receipt").wait_for()
    await phone.look()


async def hand_in(phone: Walk) -> None:
    """The last check, the declaration, and away."""
    await phone.press("Last check")
    await phone.page.get_by_label("I made this visit myself").check()
    await moved_on(phone, "Hand in the report", "Your report")


async def see_what_is_asked(phone: Walk, place: str) -> None:
    """A report that has come back."""
    await phone.press("My shops")
    await phone.press(place)


async def mend(phone: Walk, story: str) -> None:
    """Do what the editor asks for."""
    await phone.press("The story")
    await phone.page.get_by_label("What happened?", exact=True).fill(story)
    await moved_on(phone, "Continue", "Times and receipt")
    await moved_on(phone, "Continue", "Pictures and receipt")


async def moved_on(walk: Walk, button: str, heading: str) -> None:
    """Press, and wait for the page that follows; a page that sends itself does not navigate."""
    await walk.page.get_by_role("button", name=button, exact=True).click()
    await walk.page.get_by_role("heading", name=heading, exact=True).first.wait_for()
    await walk.look()


async def _times(phone: Walk) -> None:
    """Half an hour ago; at midnight the day before. The place's clock shows UTC."""
    first, last = (datetime.now(UTC) - timedelta(minutes=ago) for ago in (40, 25))
    await phone.page.get_by_label("Day of the visit").fill(first.date().isoformat())
    await phone.page.get_by_label("You went in at").fill(f"{first:%H:%M}")
    await phone.page.get_by_label("You came out at").fill(f"{last:%H:%M}")
    await phone.page.get_by_label("Total of the receipt").fill("6.95")


async def read_what_became_of_it(phone: Walk, place: str) -> None:
    """The grade, the editor's words, and what was changed in the shopper's name."""
    await phone.press("My shops")
    await phone.press(place)
    await phone.press("What became of it")


async def take_the_statement(phone: Walk) -> bytes:
    """The year's statement, from the page of one's pay."""
    await phone.press("Pay", phone.page.get_by_label("Your pages"))
    async with phone.page.expect_download() as begun:
        await phone.page.get_by_role("link", name="PDF").click()
    return (await (await begun.value).path()).read_bytes()
