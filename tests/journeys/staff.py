"""What people of the research company do: bring a client and its customers in, ask them, close and release."""

from datetime import UTC, datetime

from .respondents import STORES
from .town import PASSWORD
from .walk import Walk

CLIENT = "Brightwater Coffee"
STUDY = "Store visits, November"
TITLE = "Your visit to Brightwater Coffee"


async def sign_in(walk: Walk, email: str) -> None:
    """From the sign-in page to where work begins."""
    await walk.open("/sign-in")
    await walk.page.fill("[name=email]", email)
    await walk.page.fill("[name=password]", PASSWORD)
    await walk.press("Sign in")


async def enter_client(walk: Walk) -> None:
    """A client with its stores."""
    await walk.open("/clients")
    await walk.press("New client", walk.page.get_by_role("main"))
    await walk.page.fill("[name=name]", CLIENT)
    await walk.press("Add the client")
    await walk.press("Locations", walk.page.get_by_role("main"))
    await walk.press("Import a list", walk.page.get_by_role("main"))
    rows = ["code,name,level,time_zone", *(f"{code},{name},store,Europe/London" for code, name in STORES.items())]
    await walk.page.fill("[name=text]", "\n".join(rows))
    await walk.press("See what would change")
    await walk.press("Take in 3 locations")


async def import_customers(walk: Walk, content: bytes) -> None:
    """The wizard, from the file to the people who are in."""
    await walk.open("/clients")
    await walk.press("Contacts", walk.page.get_by_role("main"))
    await walk.press("Import a list", walk.page.get_by_role("main"))
    file = {"name": "customers.csv", "mimeType": "text/csv", "buffer": content}
    await walk.page.set_input_files("[name=list]", file)  # type: ignore[arg-type]
    await walk.press("Upload the list")
    await walk.press("Continue")
    await walk.page.fill("[name=source]", "Loyalty card holders who visited this month")
    await walk.page.get_by_label("They agreed to be asked").check()
    await walk.page.get_by_label("I confirm that").check()
    await walk.press("Check the list")
    await walk.arrive("39 people in 39 rows")
    await walk.press("Import 39 people")
    await walk.arrive("39 people are in")
    await walk.press("Show these contacts")


async def make_questionnaire(walk: Walk) -> None:
    """The sample, looked at in the builder and tried."""
    await walk.open("/questionnaires")
    await walk.press("New questionnaire", walk.page.get_by_role("main"))
    await walk.page.fill("[name=name]", "After a visit")
    await walk.page.get_by_label("A store visit").check()
    await walk.press("Create the questionnaire")
    await walk.press("Preview")


async def launch_study(walk: Walk) -> str:
    """Draft it, open it today, confirm what people are told, send; the study's address."""
    await walk.open("/studies")
    await walk.press("New study", walk.page.get_by_role("main"))
    await walk.page.select_option("[name=client]", label=CLIENT)
    await walk.page.select_option("[name=version]", index=1)
    await walk.page.fill("[name=name]", STUDY)
    await walk.page.fill("[name=title]", TITLE)
    await walk.press("Begin the study")
    path = walk.page.url.removeprefix(walk.origin)
    for part in ("basics", "audience", "identity", "invitation", "reminders"):
        await walk.open(f"{path}/edit/{part}")
    await walk.open(f"{path}/edit/dates")
    await walk.page.fill("[name=opens_on]", datetime.now(UTC).date().isoformat())
    await walk.page.fill("[name=opens_time]", "00:00")
    await walk.press("Save")
    await walk.open(f"{path}/edit/checks")
    await walk.page.locator("[name=purpose]").check()
    await walk.press("Save")
    await walk.open(f"{path}/preview")
    await walk.open(path)
    await walk.press("Send 39 invitations")
    return path


async def close_and_release(walk: Walk, study_path: str) -> None:
    """Close the study and wait for its release."""
    await walk.open(study_path)
    await walk.open(f"{study_path}/log")
    await walk.open(f"{study_path}/release")
    await walk.press(f"Close and release to {CLIENT}")
    await walk.arrive("Released")
    await walk.open(study_path)
