"""What whoever runs the visits does: a client's place, the door for shoppers, a campaign, giving shops out, paying."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from .walk import Walk

PLACE = {
    "name": "Riverside",
    "code": "CK-031",
    "street": "1 High Street",
    "city": "Leeds",
    "latitude": "53.7965",
    "longitude": "-1.5478",
    "time_zone": "Europe/London",
}
GUIDELINE = "# What to do\n\n- Order a drink.\n- Count the seconds until somebody looks up."
QUIZ = "What do you count?\n* The seconds until somebody looks up\n- The cups on the counter"


async def open_the_door(desk: Walk) -> None:
    """Publish the shoppers' agreement and let people register."""
    await desk.open("/shoppers")
    await desk.press("Rules and registration")
    await desk.page.get_by_label("The next version").fill("I work as an independent contractor.")
    await desk.press("Publish version 1")
    await desk.page.get_by_label("People can register").check()
    await desk.press("Save", within=desk.page.locator("form[action$=entrance]"))


async def enter_client(desk: Walk, client: str) -> UUID:
    """A client with one store; its id."""
    await desk.press("Clients")
    await desk.press("New client", desk.page.get_by_role("main"))
    await desk.page.get_by_label("Name").fill(client)
    await desk.press("Add the client")
    client_id = UUID(urlsplit(desk.page.url).path.rpartition("/")[2])
    await desk.press("Locations", desk.page.get_by_role("main"))
    await desk.press("New location")
    for name, value in PLACE.items():
        await desk.page.fill(f"[name={name}]", value)
    await desk.page.get_by_label("Level").select_option("store")
    await desk.press("Add the location")
    return client_id


async def make_campaign(desk: Walk, client: str, name: str) -> None:
    """Begin it, and set part after part until nothing is missing."""
    await desk.press("Campaigns")
    await desk.press("New campaign", desk.page.get_by_role("main"))
    await desk.page.get_by_label("Client").select_option(label=client)
    await desk.page.get_by_label("Name", exact=True).fill(name)
    await desk.press("Begin the campaign")
    await _money(desk)
    await _questions(desk)
    await _guideline(desk)
    for part in ("Scenarios", "Rotation", "Who may go", "Privacy"):
        await desk.press(name, desk.page.get_by_label("Breadcrumb"))
        await desk.press(part, desk.page.get_by_role("main"))
    await desk.press(name, desk.page.get_by_label("Breadcrumb"))


async def _money(desk: Walk) -> None:
    await desk.press("Name, money and deadlines")
    await desk.page.get_by_label("Fee for a shop").fill("12.00")
    await desk.page.get_by_label("Most that is paid back of a purchase").fill("8.00")
    await desk.press("Save")


async def _questions(desk: Walk) -> None:
    await desk.press("Questionnaire", desk.page.get_by_role("main"))
    await desk.page.get_by_label("Questionnaire").select_option(index=1)
    await desk.press("Save")
    await desk.press("Scoring", desk.page.get_by_role("main"))
    await _unfold(desk, "points-greeted")
    await desk.page.fill("[name=points-greeted]", "10")
    await _unfold(desk, "by-greeted-yes")
    await desk.page.fill("[name=by-greeted-yes]", "10")
    await desk.page.fill("[name=by-greeted-no]", "0")
    await _unfold(desk, "comment-greeted")
    await desk.page.get_by_label("Ask for a comment below the top").first.check()
    await desk.press("Save the scoring")


async def _unfold(desk: Walk, name: str) -> None:
    """Open what a field lies folded in, from the outside."""
    for summary in await desk.page.locator(f"details:not([open]):has([name={name}]) > summary").all():
        await summary.click()


async def _guideline(desk: Walk) -> None:
    await desk.press("Guideline and quiz")
    await desk.press("Write the guideline", desk.page.get_by_role("main"))
    await desk.page.get_by_label("Text").fill(GUIDELINE)
    await desk.page.get_by_label("Quiz").fill(QUIZ)
    await desk.press("Put it into force")


async def plan_a_wave(desk: Walk, label: str) -> None:
    """A wave that began yesterday, and what publishing it would do."""
    today = datetime.now(UTC).date()
    await desk.press("Plan a wave")
    await desk.page.get_by_label("Name").fill(label)
    await desk.page.get_by_label("First day").fill((today - timedelta(days=1)).isoformat())
    await desk.page.get_by_label("Last day").fill((today + timedelta(days=9)).isoformat())
    await desk.press("See what this would do")


async def open_the_shop(desk: Walk) -> None:
    """From the published wave to its only shop."""
    await desk.press("See its shops")
    await desk.page.locator("#shops tbody a").first.click()
    await desk.page.get_by_role("heading", name="History").wait_for()
    await desk.look()


async def give_it(desk: Walk) -> None:
    """Read what the applicant wrote, and say yes."""
    await desk.press("Read the note")
    await desk.press("Give it to")


async def say_what_we_pay_from(desk: Walk, holder: str, iban: str) -> None:
    """The company's own account."""
    await desk.press("Pay")
    await desk.press("Settings", desk.page.get_by_role("main"))
    await desk.page.get_by_label("An account with an IBAN").check()
    await desk.page.get_by_label("Name of the account").fill(holder)
    await desk.page.get_by_label("IBAN, or account number").fill(iban)
    await desk.press("Save the settings")


async def work_a_batch_out(desk: Walk) -> None:
    """The dry run of everything that is promised in the weeks to come."""
    await desk.press("Pay", desk.page.get_by_label("Areas"))
    await desk.press("New batch")
    far = datetime.now(UTC).date() + timedelta(days=90)
    await desk.page.get_by_label("Promised until").fill(far.isoformat())
    await desk.press("Work it out")


async def take_the_file(desk: Walk) -> str:
    """What the bank gets."""
    async with desk.page.expect_download() as begun:
        await desk.page.get_by_role("button", name="Download the bank file").click()
    content = (await (await begun.value).path()).read_text()
    await desk.page.reload()
    await desk.look()
    return content


async def mark_it_paid(desk: Walk) -> None:
    """The bank has done it today."""
    await desk.page.get_by_label("Paid on").fill(datetime.now(UTC).date().isoformat())
    await desk.press("Close the batch")
