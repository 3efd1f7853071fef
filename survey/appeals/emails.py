"""Letters about appeals: to a shopper who is asked something, to a client's people who are answered. No words of it."""

from collections.abc import Callable, Sequence
from uuid import UUID

from survey.accounts import service as accounts
from survey.affiliates import service as affiliates
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import (
    Act,
    Bulk,
    Claimed,
    Heading,
    Letter,
    Link,
    Outgoing,
    Paragraph,
    Transactional,
    Withheld,
    slot,
)
from survey.shoppers import service as shoppers

from . import queries, service
from .domain import (
    ANSWERED_KIND,
    PLAN_KIND,
    RAISED_KIND,
    WISH_ANSWERED_KIND,
    WISHED_KIND,
    AppealState,
    PlanNews,
    PlanState,
    is_still_so,
)

Written = Callable[[Claimed], tuple[Letter, str] | None]

WHY = "You get this mail because you handed in a report to {company}."
GONE = "the registration was removed"
WHY_READER = "You get this mail because you read reports of {company}."


def _to_reader(subject: str, sentence: str, act: str) -> Letter:
    """To somebody of a client who reads reports; act: what the button says."""
    return Letter(
        subject=subject,
        preview="Sign in to read it.",
        blocks=(
            Heading(subject),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph(sentence),
            Act(act, slot("link")),
            Link("Get fewer of these mails, or none", slot("account")),
        ),
    )


def _to_staff(subject: str, preview: str, sentence: str, way: Act, note: str) -> Letter:
    """To whoever manages a company."""
    return Letter(
        subject=subject,
        preview=preview,
        blocks=(Heading(subject), Paragraph(f"Hello {slot('name')},"), Paragraph(sentence), way, Paragraph(note)),
    )


def _answered(subject: str, sentence: str) -> Letter:
    return _to_reader(subject, sentence, "Read the appeal")


def _planned(subject: str, sentence: str) -> Letter:
    return _to_reader(subject, sentence, "Open the action plan")


_BACKED = _answered(
    "Your head office stands behind an appeal", "somebody above your place stands behind an appeal of your place."
)
_STOPPED = _answered(
    "Your head office has stopped an appeal", "somebody above your place has stopped an appeal of your place."
)
_CORRECTED = _answered(
    "An answer was corrected after an appeal",
    "an appeal against a report that you read was decided: an answer was corrected, and the report released anew.",
)
_DECIDED = _answered("An appeal has been decided", "an appeal against a report that you read has been decided.")
ANSWERS = {
    AppealState.WAITING_CLIENT: _answered(
        "A question about an appeal", "there is a question about an appeal against a report that you read."
    ),
    AppealState.RESOLVED: _DECIDED,
    AppealState.CHANGED: _CORRECTED,
    AppealState.APPROVED: _BACKED,
    AppealState.DECLINED_BY_CLIENT: _STOPPED,
    AppealState.DECLINED: _DECIDED,
}

WHY_STAFF = "You get this mail because you manage {company}."
WISHED = _to_staff(
    "A client asks for another visit",
    "Sign in to answer.",
    "a client that has read a report asks that the visit be made again.",
    Act("Read what they ask for", slot("link")),
    "Neither grade nor pay of the first visit follows from it.",
)
RAISED = _to_staff(
    "A client contests an answer",
    "Sign in to look at it.",
    "a client that has read a report says that one of its answers is wrong.",
    Act("Read the appeal", slot("link")),
    "The first of you who takes it up has it. Neither grade nor pay follows from it.",
)
PLAN_LETTERS = {
    PlanNews.OPENED: _planned("An action plan is to be written", "an action plan of a place that you read was opened."),
    PlanNews.HANDED_IN: _planned(
        "An action plan is to be judged", "an action plan of a place that you read was handed in."
    ),
    PlanNews.RETURNED: _planned(
        "An action plan was sent back", "an action plan of a place that you read was sent back."
    ),
    PlanNews.DUE_SOON: _planned("An action plan is due soon", "an action plan of a place you read is due soon."),
    PlanNews.OVERDUE: _planned("An action plan is overdue", "the day of an action plan has passed."),
    PlanNews.CLOSED: _planned("An action plan is done", "an action plan of a place you read was accepted."),
}
WISH_ANSWERED = _to_reader(
    "Your question about another visit was answered",
    "somebody who reads the same reports as you asked for another visit. There is an answer.",
    "Read the answer",
)


@composer(service.ASKED_KIND, to=Audience.ACCOUNTS, about="a question to a mystery shopper about a report")
async def asked(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """Somebody at the affiliate has a question about a report."""
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    frame, written = Transactional(sender, WHY.format(company=sender.name)), _letter(sender.name)
    ids = [row.recipient_id for row in rows]
    people = await shoppers.people_of(composing.connection, composing.settings.keyring, ids)
    link = f"{composing.settings.base_url}/shopper/appeals"
    return [
        Outgoing(row, person.email, written, frame, {"name": person.name, "link": link})
        if (person := people.get(row.recipient_id))
        else Withheld(row, GONE)
        for row in rows
    ]


@composer(ANSWERED_KIND, to=Audience.PEOPLE, about="an answer to a business that had asked about a report")
async def answered(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """An appeal was answered or decided. What has moved since, or was taken back, is not told."""
    states = await queries.states_of(composing.connection, [UUID(str(row.context["appeal"])) for row in rows])
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    why = WHY_READER.format(company=sender.name)
    frame = Bulk(sender, why, sender.name, f"Appeals to {sender.name}", rows[0].affiliate_id)
    ids = [row.recipient_id for row in rows]
    people = await accounts.addressees(composing.connection, composing.settings.keyring, ids)
    base = composing.settings.base_url
    made: list[Outgoing | Withheld] = []
    for row in rows:
        appeal_id, person = UUID(str(row.context["appeal"])), people.get(row.recipient_id)
        if states.get(appeal_id) != row.context["state"] or person is None:
            made.append(Withheld(row, "the appeal has moved since, or the account was removed"))
            continue
        values = {"name": person.name, "link": f"{base}/portal/appeals/{appeal_id}", "account": f"{base}/account"}
        made.append(Outgoing(row, person.email, ANSWERS[AppealState(str(row.context["state"]))], frame, values))
    return made


@composer(RAISED_KIND, to=Audience.PEOPLE, about="news for staff, about a question on a report")
async def raised(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """A client contests an answer; whoever can decide hears of it, unless somebody has it by now."""
    states = await queries.states_of(composing.connection, [UUID(str(row.context["appeal"])) for row in rows])

    def written(row: Claimed) -> tuple[Letter, str] | None:
        appeal_id = UUID(str(row.context["appeal"]))
        return (RAISED, f"/appeals/{appeal_id}") if states.get(appeal_id) == AppealState.NEW else None

    return await _to_people(composing, rows, ("Appeals", WHY_STAFF), written)


@composer(PLAN_KIND, to=Audience.PEOPLE, about="news of an action plan, for a business that has its places visited")
async def planned(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """Something is to be said of an action plan, if it is still so."""
    plans = await queries.plans_now(composing.connection, [UUID(str(row.context["plan"])) for row in rows])

    def written(row: Claimed) -> tuple[Letter, str] | None:
        plan, news = plans.get(UUID(str(row.context["plan"]))), PlanNews(str(row.context["what"]))
        if plan is None or not is_still_so(news, PlanState(plan.state), plan.due_on, composing.now.date()):
            return None
        return PLAN_LETTERS[news], f"/portal/shops/{plan.report_ref}/plan"

    return await _to_people(composing, rows, ("Action plans", WHY_READER), written)


async def _to_people(
    composing: Composing, rows: Sequence[Claimed], frame_of: tuple[str, str], written: Written
) -> Sequence[Outgoing | Withheld]:
    """One mail for each row that there is still something to write about. frame_of: what it is about, and why."""
    about, why = frame_of
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    frame = Bulk(
        sender, why.format(company=sender.name), sender.name, f"{about} at {sender.name}", rows[0].affiliate_id
    )
    ids = [row.recipient_id for row in rows]
    people = await accounts.addressees(composing.connection, composing.settings.keyring, ids)
    base = composing.settings.base_url
    made: list[Outgoing | Withheld] = []
    for row in rows:
        found, person = written(row), people.get(row.recipient_id)
        if found is None or person is None:
            made.append(Withheld(row, "it has moved since, or the account was removed"))
            continue
        letter, place = found
        values = {"name": person.name, "link": f"{base}{place}", "account": f"{base}/account"}
        made.append(Outgoing(row, person.email, letter, frame, values))
    return made


@composer(WISHED_KIND, to=Audience.PEOPLE, about="news for staff, about a wish for another visit")
async def wished(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """A client asks for another visit; whoever can answer hears of it, unless it was answered meanwhile."""
    return await _of_wishes(composing, rows, (WISHED, WHY_STAFF, "/appeals/reshoots"))


@composer(WISH_ANSWERED_KIND, to=Audience.PEOPLE, about="an answer to a business that had asked for another visit")
async def wish_answered(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """A wish for another visit was answered; whoever reads the place hears of it."""
    return await _of_wishes(composing, rows, (WISH_ANSWERED, WHY_READER, "/portal/reshoots"))


async def _of_wishes(
    composing: Composing, rows: Sequence[Claimed], written: tuple[Letter, str, str]
) -> Sequence[Outgoing | Withheld]:
    letter, reason, where = written
    states = await queries.wish_states(composing.connection, [UUID(str(row.context["wish"])) for row in rows])

    def still(row: Claimed) -> tuple[Letter, str] | None:
        wish_id = UUID(str(row.context["wish"]))
        return (letter, f"{where}/{wish_id}") if states.get(wish_id) == row.context["state"] else None

    return await _to_people(composing, rows, ("Other visits", reason), still)


def _letter(company: str) -> Letter:
    return Letter(
        subject="A question about a visit of yours",
        preview="It takes a minute to answer.",
        blocks=(
            Heading("A question about a visit of yours"),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph(f"{company} would like to know more about something that you reported."),
            Act("Read the question", slot("link")),
            Paragraph("Your answer goes to them alone. Your grade and your pay stay as they are."),
        ),
    )
