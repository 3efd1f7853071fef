"""What is owed and paid to shoppers, and the affiliate's own account."""

from typing import TypeVar

from piccolo.columns import UUID, BigInt, Bytea, Date, Integer, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

PAY_RECORDS = Retention("pay records", days=2557, counted_from="the end of the year of the payment", sweep="sweeps.run")
PAY = ("pay for a visit", "show what was paid")
FOR_THE_TAX_OFFICE = "tax law asks for the record of what was paid; without the profile's key it names nobody"


def _of_pay(column: C, category: Category = Category.COMMERCIAL) -> C:
    return personal(
        column,
        category,
        subject="shopper_id",
        purposes=PAY,
        retention=PAY_RECORDS,
        on_erase=Erase.KEEP,
        release=Release.NEVER,
        keep_reason=FOR_THE_TAX_OFFICE,
    )


class Payer(Table, schema="identity", tablename="payer"):
    """The affiliate as the one who pays. A business's account, not a person's."""

    affiliate_id = plain(UUID(primary_key=True, default=None), "tenant key")
    way = plain(Text(null=True, default=None), "iban or us_bank; none where there is no account yet")
    holder = plain(Text(default=""), "the company as its bank knows it")
    number = plain(Text(default=""), "the company's account")
    bank = plain(Text(default=""), "BIC or routing number")
    tax_from_cents = plain(Integer(null=True, default=None), "earned in a year, from which a tax number is needed")
    revision = plain(Integer(default=0), "counts its changes")


class PayBatch(Table, schema="identity", tablename="pay_batch"):
    """Items that go to the bank together."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    number = plain(Integer(default=None), "counts from 1 for each affiliate")
    state = plain(Text(default="draft"), "draft, exported, paid or cancelled")
    currency = plain(Text(default=None), "ISO 4217 code")
    created_by = plain(UUID(null=True, default=None), "account that put it together: evidence")
    created_at = plain(Timestamptz(default=None), "when it was put together")
    exported_at = plain(Timestamptz(null=True, default=None), "when its first file was taken")
    paid_on = plain(Date(null=True, default=None), "the day the bank paid")
    file_number = plain(Integer(default=0), "which of its files is the last: each that says something else counts")
    file_digest = plain(Bytea(null=True, default=None), "keyed, of what the last file says; none once it has changed")
    file_at = plain(Timestamptz(null=True, default=None), "when the last file was made")
    item_count = plain(Integer(default=None), "how many items are in it")
    total_cents = plain(BigInt(default=None), "what they come to")


class PayItem(Table, schema="identity", tablename="pay_item"):
    """What one shop pays its shopper."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shop_id = _of_pay(UUID(default=None), Category.EMPLOYMENT)
    shopper_id = plain(UUID(null=True, default=None), "leads to the person; empty once tax law has no use for it")
    client_id = plain(UUID(default=None), "the client whose place was visited")
    kind = plain(Text(default=None), "full, or an attempt")
    fee_cents = _of_pay(Integer(default=None))
    reimbursement_cents = _of_pay(Integer(default=None))
    bonus_cents = _of_pay(Integer(default=None))
    currency = plain(Text(default=None), "ISO 4217 code")
    state = _of_pay(Text(default="PROSPECTIVE"))
    visited_on = _of_pay(Date(default=None), Category.EMPLOYMENT)
    promised_on = _of_pay(Date(default=None))
    batch_id = plain(UUID(null=True, default=None), "the batch it is or was paid with")
    paid_on = _of_pay(Date(null=True, default=None))
    reason = plain(Text(default=""), "a code: why it is not owed, or came back")
    revision = plain(Integer(default=0), "counts its changes")
    voided_from = plain(Text(null=True, default=None), "where it stood before it was void")
