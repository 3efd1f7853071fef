"""A batch as a file for the bank. Here alone names and accounts are opened, and each look is recorded."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from privacy.crypto import sha256
from privacy.vault import DataKey, KeyRing, Place, data_keys, unseal_text
from survey.db import Scope, connection
from survey.shoppers import service as shoppers
from survey.shoppers.domain import NAME, Payout

from .. import queries
from ..domain import (
    OPEN_BATCH,
    BatchState,
    Order,
    Transfer,
    WrongBatch,
    account_of,
    as_csv,
    as_pain,
)
from ..queries import SealedPayee
from .notes import PAY_PURPOSE, note_batch, note_opened


class FileKind(StrEnum):
    """What a batch can be saved as."""

    CSV = "csv"
    XML = "xml"

    @property
    def media(self) -> str:
        """The media type."""
        return "text/csv; charset=utf-8" if self is FileKind.CSV else "application/xml"


class BankFile(NamedTuple):
    """A file, with a name that says nothing of anybody."""

    body: bytes
    name: str
    kind: FileKind


class NoAccount(Exception):
    """These shoppers (codes) have no account any more; they must be taken out of the batch first."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__("no account is known")
        self.codes = codes


async def export(scope: Scope, ring: KeyRing, batch_id: UUID, kind: FileKind, now: datetime) -> BankFile:
    """A batch as a file; the first one makes it exported.

    Raises NotFound, WrongBatch, NoAccount, NotTransferable, NothingToTransfer.
    """
    batch = await queries.batch_in(scope, batch_id, lock=True)
    if batch.state not in OPEN_BATCH:
        raise WrongBatch(batch.state)
    sealed = await queries.sealed_payees(scope, batch_id)
    keys = await data_keys(connection(), ring, [payee.shopper_id for payee in sealed])
    payouts = await shoppers.open_payouts(scope, ring, list(keys), PAY_PURPOSE, now)
    if lost := tuple(payee.code for payee in sealed if payee.shopper_id not in payouts):
        raise NoAccount(lost)
    transfers = [_transfer(payee, keys[payee.shopper_id], payouts[payee.shopper_id]) for payee in sealed]
    payer = (await queries.payer_of(scope)).account
    order = Order(f"PAY-{batch.number}", batch.currency, now, now.date() + timedelta(days=1), payer, transfers)
    body = as_csv(order) if kind is FileKind.CSV else as_pain(order)
    await queries.set_state(scope, batch_id, BatchState.EXPORTED, now)
    await note_opened(scope, batch_id, [payee.shopper_id for payee in sealed], now)
    await note_batch(
        scope, "pay.export", batch_id, now, format=kind.value, people=len(transfers), digest=sha256(body).hex()
    )
    return BankFile(body, f"pay-{batch.number}.{kind}", kind)


def _transfer(payee: SealedPayee, key: DataKey, payout: Payout) -> Transfer:
    # Of a profile a bank needs the name alone: the rest stays under seal.
    name = unseal_text(key, Place(NAME, payee.shopper_id, payee.shopper_id), payee.name)
    return Transfer(payee.code, name, account_of(payout, name), payee.cents, payee.items)
