"""The demo's panel: sixty people who asked to join, got the message, and pressed the button in it."""

import random
from functools import partial

from survey.db import Role, Scope, transaction
from survey.panels import service as panels
from survey.panels.domain import AGE_BANDS, GENDERS, REGIONS, PanelDraft, Profile

from . import queries
from .cast import DOMAIN
from .customers import FIRST_NAMES
from .postbox import deliver
from .stage import Stage

JOINED = 64
CONFIRMED = 60
DRAFT = PanelDraft(
    "Everyday Voices",
    "everyday-voices",
    "A panel of people who tell shops, cafés and libraries what an ordinary visit is like. Two or three short surveys"
    " a month, never more.",
    "I want to be asked by e-mail about everyday visits by Northlight Mystery Shopping. I can leave at any time.",
)


async def panel(stage: Stage, scope: Scope) -> None:
    """Make the panel; people join it by double opt-in."""
    asked, confirmed = stage.day(80), stage.day(79)
    with stage.step(f"{JOINED} people join the panel, {CONFIRMED} confirm"):
        async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
            panel_id = await panels.create_panel(scope, DRAFT, stage.day(90))
            made = await panels.panel_in(scope, panel_id)
        for number in range(JOINED):
            async with transaction(Role.DESK):
                typed = (f"voice.{number + 1}@people.{DOMAIN}", FIRST_NAMES[number % len(FIRST_NAMES)])
                await panels.join(stage.settings, made, typed, _profile(number), asked)
        waiting = partial(queries.unsent_to_members, panel_id)
        await deliver(stage, asked, waiting)
        async with transaction(Role.WORKER):
            members = await queries.pending_members(panel_id)
        for member_id in members[:CONFIRMED]:
            async with transaction(Role.DESK):
                await panels.confirm(stage.settings, member_id, 1, confirmed)
        await deliver(stage, confirmed, waiting)


def _profile(number: int) -> Profile:
    chance = random.Random(number)  # noqa: S311 - nothing secret
    bands = [chance.choice([*choices, ""]) for choices in (AGE_BANDS, GENDERS, REGIONS)]
    return Profile("en", *bands)
