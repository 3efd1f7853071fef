"""People who are asked: their list, the links in their mail, and how they answer, by browser or straight away."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from playwright.async_api import Locator

from privacy.tokens import Purpose, read
from survey.db import Role, connection, transaction
from survey.demo.opinions import filled, respondent
from survey.questionnaires.domain import merged
from survey.responses import service as responses

from .town import Town
from .walk import Walk

STORES = {"S1": "Leith", "S2": "Alloa", "S3": "Perth"}
PEOPLE_A_STORE = 13
SURVEY_LINK = re.compile(r"https?://\S+(/s/\S+)")
OPT_OUT_LINK = re.compile(r"https?://\S+(/o/\S+)")


def addresses(name: str) -> list[str]:
    """Everybody on the list of this name."""
    people = ((store.lower(), number) for store in STORES for number in range(PEOPLE_A_STORE))
    return [f"guest.{store}.{number}@{name}.customers.example" for store, number in people]


def list_of_customers(name: str) -> bytes:
    """The client's list of this name as it sends it."""
    sheet = io.StringIO()
    rows = csv.writer(sheet)
    rows.writerow(("E-mail", "First name", "Store", "Visit date"))
    visited = (datetime.now(UTC) - timedelta(days=5)).date().isoformat()
    for address in addresses(name):
        rows.writerow((address, "Sam", address.split(".")[1].upper(), visited))
    return sheet.getvalue().encode()


def survey_path(text: str) -> str:
    """The address of the survey in a message."""
    found = SURVEY_LINK.search(text)
    assert found, "no survey link in the message"
    return found[1]


def opt_out_path(text: str) -> str:
    """The address that stops all mail in a message."""
    found = OPT_OUT_LINK.search(text)
    assert found, "no opt-out in the message"
    return found[1]


async def answer_in_browser(walk: Walk, path: str) -> None:
    """The whole way as a person goes it, by tapping and typing."""
    await walk.open(path)
    await walk.press("Start now")
    while "/check" not in walk.page.url:
        await _fill(walk.page.locator("main form"))
        await walk.press("Continue")
    await walk.press("Send my answers")


async def _fill(form: Locator) -> None:
    """Answer every question on a page, each in the middle of what is offered."""
    for group in await form.locator(".matrix-row, fieldset:not(:has(.matrix-row))").all():
        labels = group.locator("label:has(input[type=radio], input[type=checkbox])")
        await labels.nth((await labels.count() - 1) // 2).click()
    for kind, typed in (("input[type=date]", _yesterday()), ("input[inputmode]", "3"), ("textarea", "More seats.")):
        for written in await form.locator(kind).all():
            await written.fill(typed)


def _yesterday() -> str:
    return (datetime.now(UTC) - timedelta(days=1)).date().isoformat()


async def answer_straight_away(town: Town, path: str, number: int) -> None:
    """Answer through the services that the pages call."""
    entry_id = _entry(town, path)
    now = datetime.now(UTC)
    person = respondent("", 0, number, now.date())
    door = await responses.door_in(entry_id)
    study = await responses.study_behind(door)
    async with transaction(Role.RESPONDENT, link=entry_id):
        await responses.begin(door, "", now)
        for index, section in enumerate(study.definition.sections):
            posted = responses.Posted(index, filled(person, section.items), now)
            parsed = await responses.save(town.settings.keyring, door, study, posted)
            door = replace(door, coded=merged(door.coded, parsed))
        await responses.send(connection(), door, now)


def _entry(town: Town, path: str) -> UUID:
    return read(town.settings.token_keys, Purpose.SURVEY, path.removeprefix("/s/"))
