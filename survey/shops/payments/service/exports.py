"""A batch as a file for the bank. Here alone names and accounts are opened, and each look is recorded."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from privacy.crypto import derive_key, hmac_sha256, sha256
from privacy.vault import DataKey, Place, data_keys, unseal_text
from survey.db import Scope, connection
from survey.settings import Settings
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
    contents,
)
from ..queries import SealedPayee
from .notes import PAY_PURPOSE, note_batch, note_named


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


async def export(scope: Scope, settings: Settings, batch_id: UUID, kind: FileKind, now: datetime) -> BankFile:
    """A batch as a file; the first one makes it exported, and the last one is its current file.

    Raises NotFound, WrongBatch, NoAccount, NotTransferable, NothingToTransfer.
    """
    batch = await queries.batch_in(scope, batch_id, lock=True)
    if batch.state not in OPEN_BATCH:
        raise WrongBatch(batch.state)
    ring, sealed = settings.keyring, await queries.sealed_payees(scope, batch_id)
    keys = await data_keys(connection(), ring, [payee.shopper_id for payee in sealed])
    payouts = await shoppers.open_payouts(scope, ring, list(keys), PAY_PURPOSE, now)
    if lost := tuple(payee.code for payee in sealed if payee.shopper_id not in payouts):
        raise NoAccount(lost)
    transfers = [_transfer(payee, keys[payee.shopper_id], payouts[payee.shopper_id]) for payee in sealed]
    payer = (await queries.payer_of(scope)).account
    order = Order(batch.reference, 0, batch.currency, now, now.date() + timedelta(days=1), payer, transfers)
    file = (await queries.file_of(scope, batch_id)).after(_digest(settings.index_key, order), now)
    order = replace(order, file=file.number, created_at=file.made_at or now)
    body = as_csv(order) if kind is FileKind.CSV else as_pain(order)
    await queries.put_file(scope, batch_id, file)
    await queries.set_state(scope, batch_id, BatchState.EXPORTED, now)
    await note_named(scope, [payee.shopper_id for payee in sealed], PAY_PURPOSE, now, batch=str(batch_id))
    await note_batch(
        scope, "pay.export", batch_id, now, format=kind.value, file=order.file, people=len(transfers),
        digest=sha256(body).hex(),
    )  # fmt: skip
    return BankFile(body, f"{order.message.lower()}.{kind}", kind)


def _digest(index_key: bytes, order: Order) -> bytes:
    """By which a file that says the same is known again: a bank refuses it the second time, and takes a mended one.

    With a key that is never exchanged: whoever reads the row alone cannot try accounts until one fits.
    """
    return hmac_sha256(derive_key(index_key, "files of batches"), contents(order))


def _transfer(payee: SealedPayee, key: DataKey, payout: Payout) -> Transfer:
    # Of a profile a bank needs the name alone: the rest stays under seal.
    name = unseal_text(key, Place(NAME, payee.shopper_id, payee.shopper_id), payee.name)
    return Transfer(payee.code, name, account_of(payout, name), payee.cents, payee.items)
