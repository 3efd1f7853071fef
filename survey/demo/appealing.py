"""Appeals and action plans in the demo: the coffee houses' headquarters contests answers, the company decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from survey.accounts.domain import AccountRole
from survey.appeals import service as appeals
from survey.appeals.domain import AppealEvent, Opening, PlanEvent, PlanWords, Wishing
from survey.appeals.service import Decision
from survey.clients import service as clients
from survey.db import Role, Scope, Transaction, transaction
from survey.media import media_of

from . import queries
from .campaigning import Shops
from .crew import Crew
from .stage import Stage

STANDS = "A word is asked for in the guideline; the shopper heard none. The answer stands."


@dataclass(frozen=True, slots=True)
class Contest:
    """An appeal against one answer, and how it ends. answer: what the shopper reported."""

    opening: Opening
    end: AppealEvent | None
    answer: str = "no"
    behind: str = ""  # who erred, as the company notes it


# By store. Two are open (one waits for its shopper), three end without a change, two with one.
CONTESTS: Mapping[str, Contest] = {
    "CK-028": Contest(
        Opening("greeted_30", "evidence_contradicts", "The film at the door shows somebody say hello at once."), None
    ),
    "CK-034": Contest(
        Opening("hot", "not_what_happened", "The machine was serviced on the day before."), AppealEvent.ASK_SHOPPER
    ),
    "CK-003": Contest(Opening("thanked", "wrong_points", "Is a nod not a thank-you?"), AppealEvent.RESOLVE),
    "CK-019": Contest(Opening("smile", "wrong_points", "She was at the machine, with her back to the room."),
                      AppealEvent.RESOLVE),
    "CK-024": Contest(Opening("offered", "not_what_happened", "We do not offer anything at that time."),
                      AppealEvent.DECLINE),
    "CK-009": Contest(
        Opening("tables", "not_what_happened", "The list of that day says that all tables were wiped."),
        AppealEvent.CHANGE,
        behind="editor_error",
    ),
    "CK-041": Contest(
        Opening("as_ordered", "not_what_happened", "The order slip says whole milk, as it was served."),
        AppealEvent.CHANGE,
        behind="shopper_error",
    ),
}  # fmt: skip
ANSWERS: Mapping[str, Mapping[str, str]] = {
    code: {each.opening.question_id: each.answer} for code, each in CONTESTS.items()
}
PLAN = PlanWords("Two of three were new that week.", "The shift begins with a look at the card of greetings.")
PLANNED, WRITTEN = "CK-009", "CK-034"
WISHED = "CK-024"
WISH = Wishing("after_change", "We offer a pastry with every drink since Monday. Could somebody come and look again?")


async def contest(stage: Stage, crew: Crew, client_id: UUID, shops: Shops) -> None:
    """Raise the appeals, decide most of them, and ask the shopper about one. shops: the wave's, by store."""
    scope = crew.editors[0]
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        root = await clients.root_of(scope, client_id)
        refs = {code: await queries.report_ref_of(scope, shops[code].id) for code in CONTESTS}
    viewer = Scope(
        scope.affiliate_id, None, AccountRole.CLIENT_VIEWER, "viewer", client_id=client_id, node_path=root.path
    )
    raised = stage.day(7)
    for place, (code, ref) in enumerate(refs.items()):
        now = stage.day(2) if CONTESTS[code].end in (None, AppealEvent.ASK_SHOPPER) else raised
        appeal_id = await _raise(viewer, ref, CONTESTS[code].opening, now)
        await appeals.take_in(now + timedelta(minutes=1))
        await _decide(stage, scope, (CONTESTS[code], appeal_id), now + timedelta(days=1, minutes=place * 20))
    async with _reading(viewer):
        await appeals.wish(viewer, refs[WISHED], WISH, stage.day(1))
    await _plan(viewer, refs[PLANNED], raised, is_written=False)
    await _plan(viewer, refs[WRITTEN], raised, is_written=True)


async def _raise(viewer: Scope, report_ref: UUID, opening: Opening, now: datetime) -> UUID:
    async with _reading(viewer):
        await appeals.raise_appeal(viewer, report_ref, opening, now)
        return (await appeals.contested(viewer, report_ref)).appeals[0].id


async def _decide(stage: Stage, editor: Scope, which: tuple[Contest, UUID], now: datetime) -> None:
    one, appeal_id = which
    match one.end:
        case AppealEvent.RESOLVE | AppealEvent.DECLINE:
            async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
                await appeals.settle(editor, stage.settings, appeal_id, one.end, STANDS, now)
        case AppealEvent.ASK_SHOPPER:
            question = "Did you taste the drink at the counter, or after you had found a seat?"
            async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
                await appeals.ask_shopper(editor, stage.settings, appeal_id, question, now)
        case AppealEvent.CHANGE:
            item = one.opening.question_id
            answers = {item: ["yes"], "shown": [item]}
            decision = Decision(answers, "The client's papers show it", "You are right: the answer was changed.")
            async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
                await appeals.change(editor, stage.settings, media_of(stage.settings), (appeal_id, decision), now)
                await appeals.classify(editor, appeal_id, one.behind, now)


async def _plan(viewer: Scope, report_ref: UUID, now: datetime, *, is_written: bool) -> None:
    async with _reading(viewer):
        await appeals.open_plan(viewer, report_ref, None, now)
        if is_written:
            await appeals.write_plan(viewer, report_ref, PlanEvent.SUBMIT, PLAN, now + timedelta(days=1))


def _reading(viewer: Scope) -> Transaction:
    """A transaction as the client's pages open it."""
    return transaction(Role.CLIENT, affiliate=viewer.affiliate_id, client=viewer.client_id, node=viewer.node_path)
