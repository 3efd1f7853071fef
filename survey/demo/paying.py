"""Pay in the demo: the company's account, batches that were paid, one that waits, and money that came back."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from survey.db import Role, transaction
from survey.shoppers.domain import PayoutKind
from survey.shops.payments import service as payments
from survey.shops.payments.domain import Account, Payer
from survey.shops.payments.service import FileKind, Planned

from . import queries
from .cast import NORTHLIGHT
from .crew import Crew
from .neighbours import ROUTING
from .stage import Stage

CURRENCY = "USD"
OWN_ACCOUNT = 99_000_001
TAX_FROM_CENTS = 8_000
LEAST_TO_REFUSE = 3
# When a batch is put together, and until which promised day it pays; days ago.
FIRST, SECOND, LAST = (34, 33), (12, -2), (1, -10)


async def set_up(stage: Stage, crew: Crew) -> None:
    """The account that shoppers are paid from."""
    async with transaction(Role.STAFF, affiliate=crew.payroll.affiliate_id):
        account = Account(PayoutKind.US_BANK, NORTHLIGHT.name, str(OWN_ACCOUNT), ROUTING)
        await payments.change_payer(crew.payroll, Payer(account, TAX_FROM_CENTS), stage.day(100))


async def pay(stage: Stage, crew: Crew, days: tuple[int, int], *, is_smooth: bool = True) -> None:
    """Pay what shoppers were promised. Otherwise than smoothly the bank refuses one, and sends another's back."""
    made_ago, until_ago = days
    now = stage.day(made_ago)
    batch_id = await _batch(crew, stage.day(until_ago).date(), now)
    if batch_id is None:
        return
    async with transaction(Role.STAFF, affiliate=crew.payroll.affiliate_id):
        await payments.export(crew.payroll, stage.settings, batch_id, FileKind.XML, now)
        codes = await queries.codes_in_batch(crew.payroll, batch_id)
    refused = [] if is_smooth or len(codes) < LEAST_TO_REFUSE else codes[-1:]
    await _settle(crew, batch_id, refused, stage.day(made_ago - 2))


async def put_together(stage: Stage, crew: Crew, days: tuple[int, int]) -> None:
    """A batch that waits for payroll."""
    made_ago, until_ago = days
    await _batch(crew, stage.day(until_ago).date(), stage.day(made_ago))


async def _batch(crew: Crew, until: date, now: datetime) -> UUID | None:
    """A batch of what is owed until a day; None where nothing is."""
    async with transaction(Role.STAFF, affiliate=crew.payroll.affiliate_id):
        shown = await payments.preview(crew.payroll, CURRENCY, until, now.date())
        if not shown.included:
            return None
        planned = Planned(uuid4(), CURRENCY, until, len(shown.included), shown.total_cents)
        return (await payments.create_batch(crew.payroll, planned, now)).id


async def _settle(crew: Crew, batch_id: UUID, refused: Sequence[str], now: datetime) -> None:
    async with transaction(Role.STAFF, affiliate=crew.payroll.affiliate_id):
        await payments.settle(crew.payroll, batch_id, now.date(), refused, now)
        if refused:
            sent_back = (await queries.items_in_batch(crew.payroll, batch_id))[0]
            await payments.reverse(crew.payroll, sent_back, "account_closed", now)
