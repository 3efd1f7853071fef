"""One shop: who could make it, who asked to, and what a scheduler decides about it."""

from datetime import datetime, timedelta
from uuid import UUID

from privacy.audit import Event as AuditEvent
from privacy.audit import record
from privacy.vault import KeyRing, Place, data_key, unseal_text
from survey.accounts import service as accounts
from survey.db import Scope, connection
from survey.settings import Settings
from survey.shops.eligibility.domain import Verdict
from survey.shops.visits import service as visits
from survey.shops.visits.domain import (
    Actor,
    ApplicationState,
    Decided,
    DeclineReason,
    Event,
    Mode,
    Taking,
)

from .. import queries
from ..domain import Applicant, Candidate, Order, Told, candidates, told
from ..queries import ShopPage
from .rules import verdicts_for_shop

NOTE = "identity.application.note"
HISTORY_PURPOSE = "see who did what to a shop"
READ_PURPOSE = "decide on an application"


class Refusal(Exception):
    """Rules stand against it, and no reason was given to set them aside."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__("rules stand against it")
        self.verdict = verdict


async def candidates_of(scope: Scope, shop: ShopPage, now: datetime, order: Order = Order.BEST) -> list[Candidate]:
    """Every active shopper beside the shop in an order, each with what stands against them."""
    verdicts = await verdicts_for_shop(scope, shop, None, now)
    people = await queries.people_of(scope, None, _since(now))
    return candidates(people, verdicts, shop.point, order)


async def applicants_of(scope: Scope, shop: ShopPage, now: datetime) -> list[Applicant]:
    """Who asked for the shop, the best first; each with what stands against the day that they propose."""
    waiting = {each.shopper_id: each for each in await queries.waiting_applications(scope, shop.id)}
    if not waiting:
        return []
    verdicts: dict[UUID, Verdict] = {}
    # A day at a time: the rules are asked about one day, and few days are proposed for one shop.
    for day in {each.proposed_on for each in waiting.values()}:
        ids = [each.shopper_id for each in waiting.values() if each.proposed_on == day]
        verdicts |= await verdicts_for_shop(scope, shop, ids, now, day)
    compared = candidates(await queries.people_of(scope, waiting.keys(), _since(now)), verdicts, shop.point)
    return [
        Applicant(asked.id, each, asked.proposed_on, asked.has_note)
        for each in compared
        for asked in [waiting[each.person.id]]
    ]


async def approve(scope: Scope, application_id: UUID, override_reason: str, now: datetime) -> UUID:
    """Give the shop to somebody who asked for it; returns the shop. The others are told by their applications' end.

    Raises NotFound, Decided, Refusal, and what visits raises where somebody was faster.
    """
    application = await visits.application_in(scope, application_id)
    if application.state is not ApplicationState.SUBMITTED:
        raise Decided(application.state)
    if not override_reason:
        shop = await queries.shop_page_in(scope, application.shop_id)
        verdict = (await verdicts_for_shop(scope, shop, [application.shopper_id], now, application.proposed_on)).get(
            application.shopper_id
        )
        if verdict is None or not verdict.is_eligible:
            raise Refusal(verdict or Verdict((), None))
    taking = Taking(application.shopper_id, None, Mode.APPLICATION, application.proposed_on, override_reason)
    await visits.assign(scope, application.shop_id, taking, Actor.SCHEDULER, Event.APPROVE_APPLICATION, now)
    return application.shop_id


async def turn_down(scope: Scope, application_id: UUID, reason: DeclineReason, now: datetime) -> UUID:
    """Say no to somebody who asked; returns the shop. Raises NotFound, Decided."""
    return (await visits.turn_down(scope, application_id, reason, now)).shop_id


async def take_back(scope: Scope, shop_id: UUID, reason: str, now: datetime) -> None:
    """Take a shop away from whoever has it, or its offer back. Raises NotFound, OnHold, WrongState."""
    await visits.give_back(scope, shop_id, Event.UNASSIGN, Actor.SCHEDULER, now, reason)


async def read_note(scope: Scope, ring: KeyRing, application_id: UUID, now: datetime) -> tuple[UUID, str]:
    """What somebody wrote when asking for a shop; the look is recorded. Returns the shop too. Raises NotFound."""
    shop_id, shopper_id, sealed = await queries.note_of(scope, application_id)
    key = await data_key(connection(), ring, shopper_id)
    event = AuditEvent(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "application.read", "application", application_id,
        subject_id=shopper_id, purpose=READ_PURPOSE, detail=scope.seen_as,
    )  # fmt: skip
    await record(connection(), event, now)
    return shop_id, unseal_text(key, Place(NOTE, application_id, shopper_id), sealed)


async def history_of(scope: Scope, settings: Settings, shop: ShopPage, now: datetime) -> list[Told]:
    """What has happened to a shop in words, the latest first. That colleagues' names were read is recorded."""
    happened = await queries.history_of(scope, shop.id)
    staff = [each.actor_id for each in happened if each.actor_id and each.actor_kind != "shopper"]
    names = await accounts.names_in(scope, settings, staff, HISTORY_PURPOSE, now)
    return [told(each, names, shop.currency, shop.time_zone) for each in happened]


def _since(now: datetime) -> datetime:
    return now - timedelta(days=queries.RELIABILITY_DAYS)
