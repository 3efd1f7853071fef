"""Appeals and action plans in the demo: the coffee houses' headquarters contests answers, the company decides."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from survey.accounts.domain import AccountRole
from survey.appeals import service as appeals
from survey.appeals.domain import AppealEvent, Opening, PlanEvent
from survey.appeals.service import Decision
from survey.clients import service as clients
from survey.db import Role, Scope, Transaction, transaction
from survey.media import media_of

from . import queries
from .campaigning import Visitable
from .crew import Crew
from .stage import Stage

OPENINGS: Mapping[str, Opening] = {
    "contested": Opening(
        "greeted_30", "evidence_contradicts", "The film at the door shows somebody say hello at once."
    ),
    "corrected": Opening("tables", "not_what_happened", "The list of that day says that all tables were wiped."),
    "explained": Opening("thanked", "wrong_points", "Is a nod not a thank-you?"),
    "asked": Opening("hot", "not_what_happened", "The machine was serviced on the day before."),
}
PLAN = ("Two of three were new that week.", "The shift begins with a look at the card of greetings.", "")


async def contest(stage: Stage, crew: Crew, client_id: UUID, shops: Mapping[str, Visitable]) -> None:
    """Raise four appeals and decide two of them; ask the shopper about one. shops: released ones, by `OPENINGS`."""
    async with transaction(Role.STAFF, affiliate=crew.editor.affiliate_id):
        root = await clients.root_of(crew.editor, client_id)
        refs = {about: await queries.report_ref_of(crew.editor, shop.id) for about, shop in shops.items()}
    viewer = Scope(
        crew.editor.affiliate_id, None, AccountRole.CLIENT_VIEWER, "viewer", client_id=client_id, node_path=root.path
    )
    raised = {about: await _raise(viewer, ref, OPENINGS[about], stage.day(2)) for about, ref in refs.items()}
    await appeals.take_in(stage.day(2) + timedelta(minutes=1))
    await _decide(stage, crew, raised, stage.day(1))
    await _plan(viewer, refs["corrected"], stage.day(2), is_written=False)
    await _plan(viewer, refs["asked"], stage.day(2), is_written=True)


async def _raise(viewer: Scope, report_ref: UUID, opening: Opening, now: datetime) -> UUID:
    async with _reading(viewer):
        await appeals.raise_appeal(viewer, report_ref, opening, now)
        return (await appeals.contested(viewer, report_ref)).appeals[0].id


async def _decide(stage: Stage, crew: Crew, raised: Mapping[str, UUID], now: datetime) -> None:
    editor = crew.editor
    async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
        words = "A word is asked for in the guideline; the shopper heard none. The answer stands."
        await appeals.settle(editor, stage.settings, raised["explained"], AppealEvent.RESOLVE, words, now)
        question = "Did you taste the drink at the counter, or after you had found a seat?"
        await appeals.ask_shopper(editor, stage.settings, raised["asked"], question, now)
    async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
        decision = Decision(
            {"tables": ["yes"], "shown": ["tables"]},
            "The day's list shows it",
            "You are right: the answer was changed.",
        )
        chosen = (raised["corrected"], decision)
        await appeals.change(editor, stage.settings, media_of(stage.settings), chosen, now)


async def _plan(viewer: Scope, report_ref: UUID, now: datetime, *, is_written: bool) -> None:
    async with _reading(viewer):
        await appeals.open_plan(viewer, report_ref, now)
        if is_written:
            await appeals.write_plan(viewer, report_ref, PlanEvent.SUBMIT, PLAN, now + timedelta(days=1))


def _reading(viewer: Scope) -> Transaction:
    """A transaction as the client's pages open it."""
    return transaction(Role.CLIENT, affiliate=viewer.affiliate_id, client=viewer.client_id, node=viewer.node_path)
