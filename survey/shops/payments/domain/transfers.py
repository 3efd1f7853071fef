"""A batch as files: a list for people, and ISO 20022 pain.001.001.09 for the bank. Element names are the standard's."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from survey.contacts.domain import neutral
from survey.shoppers.domain import PayoutKind
from survey.shops.visits.domain import decimal

from .accounts import Account, banks_spelling, is_bic

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
UTF8_MARK = "\ufeff"  # without it, Excel reads UTF-8 as something else
HEADINGS = ("line", "name", "way", "account", "bank", "currency", "amount", "shops", "reference")


class NotTransferable(Exception):
    """A bank file cannot be made; codes: the shoppers whose account it cannot hold (empty: the payer's is missing)."""

    def __init__(self, codes: Sequence[str] = ()) -> None:
        super().__init__("a bank file needs a bank account on both sides")
        self.codes = tuple(codes)


class NothingToTransfer(Exception):
    """Nobody in the batch is owed money: visits may pay nothing, and a bank refuses a transfer of nothing."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What one person gets, opened for the file. code: the shopper's display code, unique within the batch."""

    code: str
    name: str
    account: Account
    cents: int
    items: int


@dataclass(frozen=True, slots=True)
class Order:
    """A batch on its way to the bank.

    reference: at most 27 characters, the same each time it is exported; file: counts those that say something else.
    """

    reference: str
    file: int
    currency: str
    created_at: datetime
    execute_on: date
    payer: Account | None
    transfers: Sequence[Transfer]

    @property
    def total_cents(self) -> int:
        """The control sum."""
        return sum(each.cents for each in self.transfers)

    @property
    def message(self) -> str:
        """The name under which a bank knows this file."""
        return message_name(self.reference, self.file)


@dataclass(frozen=True, slots=True)
class TakenFile:
    """The last file of a batch. digest: of what it says; none where there is no file, or the batch has changed."""

    number: int = 0
    digest: bytes | None = None
    made_at: datetime | None = None

    def after(self, digest: bytes, now: datetime) -> "TakenFile":
        """The file that says this: the same one, taken again, or the next."""
        return self if digest == self.digest else TakenFile(self.number + 1, digest, now)


def message_name(reference: str, file: int) -> str:
    """How a bank tells files apart (MsgId): banks remember it for months and refuse one they have had."""
    return reference if file <= 1 else f"{reference}-{file}"


def contents(order: Order) -> bytes:
    """Whom a file pays what, from which account. Names and accounts are in it: a digest of it takes a key.

    When it is carried out is left out: taken on a later day the file has that day, and the name by which it is known.
    """
    said = replace(order, file=0, created_at=datetime.min.replace(tzinfo=UTC), execute_on=date.min)
    return json.dumps(asdict(said), default=str).encode()


def as_csv(order: Order) -> bytes:
    """One line a person, UTF-8 with a mark; text that a spreadsheet would run is made harmless."""
    out = io.StringIO(newline="")
    rows = [_row(number, each, order) for number, each in enumerate(order.transfers, start=1)]
    csv.writer(out).writerows([neutral(cell) for cell in row] for row in [HEADINGS, *rows])
    return (UTF8_MARK + out.getvalue()).encode()


def as_pain(order: Order) -> bytes:
    """A customer credit transfer initiation for everybody who is owed more than nothing.

    Raises NothingToTransfer; NotTransferable, so that a file never pays fewer than its batch.
    """
    payer = order.payer
    if payer is None or not payer.is_transferable:
        raise NotTransferable
    owed = [each for each in order.transfers if each.cents > 0]
    if not owed:
        raise NothingToTransfer
    if missing := [each.code for each in owed if not each.account.is_transferable]:
        raise NotTransferable(missing)
    order = replace(order, transfers=owed)
    document = Element("Document", {"xmlns": NAMESPACE})
    initiation = SubElement(document, "CstmrCdtTrfInitn")
    _header(initiation, order, payer)
    _payment(initiation, order, payer)
    indent(document)
    # Declared by hand: the library's own declaration has quotation marks that some banks' readers refuse.
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(document, encoding="unicode")}'.encode()


def _row(number: int, each: Transfer, order: Order) -> tuple[str, ...]:
    account = each.account
    amount = decimal(each.cents)
    reference = f"{order.reference}-{each.code}"
    return (str(number), each.name, account.way, account.number, account.bank, order.currency, amount,
            str(each.items), reference)  # fmt: skip


def _header(parent: Element, order: Order, payer: Account) -> None:
    header = SubElement(parent, "GrpHdr")
    _texts(header, {
        "MsgId": order.message,
        "CreDtTm": order.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "NbOfTxs": str(len(order.transfers)),
        "CtrlSum": decimal(order.total_cents),
    })  # fmt: skip
    _path(header, "InitgPty/Nm", banks_spelling(payer.holder))


def _payment(parent: Element, order: Order, payer: Account) -> None:
    payment, is_sepa = SubElement(parent, "PmtInf"), order.currency == "EUR"
    _texts(payment, {
        "PmtInfId": f"{order.reference}-P1",
        "PmtMtd": "TRF",
        "BtchBookg": "true",
        "NbOfTxs": str(len(order.transfers)),
        "CtrlSum": decimal(order.total_cents),
    })  # fmt: skip
    if is_sepa:
        _path(payment, "PmtTpInf/SvcLvl/Cd", "SEPA")
    _path(payment, "ReqdExctnDt/Dt", order.execute_on.isoformat())
    _path(payment, "Dbtr/Nm", banks_spelling(payer.holder))
    _account(payment, "DbtrAcct", payer)
    _bank(payment, "DbtrAgt", payer)
    _path(payment, "ChrgBr", "SLEV" if is_sepa else "SHAR")
    for each in order.transfers:
        _transfer(payment, each, order)


def _transfer(payment: Element, each: Transfer, order: Order) -> None:
    transfer = SubElement(payment, "CdtTrfTxInf")
    _path(transfer, "PmtId/EndToEndId", f"{order.reference}-{each.code}"[:35])
    amount = SubElement(SubElement(transfer, "Amt"), "InstdAmt", {"Ccy": order.currency})
    amount.text = decimal(each.cents)
    if each.account.bank:
        _bank(transfer, "CdtrAgt", each.account)
    _path(transfer, "Cdtr/Nm", banks_spelling(each.account.holder or each.name))
    _account(transfer, "CdtrAcct", each.account)
    # What a mystery shopper is paid for is nobody's business at the bank: a reference, no client and no place.
    _path(transfer, "RmtInf/Ustrd", f"{order.reference} {each.code}")


def _account(parent: Element, name: str, account: Account) -> None:
    _path(parent, f"{name}/Id/IBAN" if account.way is PayoutKind.IBAN else f"{name}/Id/Othr/Id", account.number)


def _bank(parent: Element, name: str, account: Account) -> None:
    if account.way is PayoutKind.IBAN and is_bic(account.bank):
        _path(parent, f"{name}/FinInstnId/BICFI", account.bank)
    elif account.way is PayoutKind.US_BANK:
        member = SubElement(SubElement(SubElement(parent, name), "FinInstnId"), "ClrSysMmbId")
        _path(member, "ClrSysId/Cd", "USABA")
        _path(member, "MmbId", account.bank)
    else:
        _path(parent, f"{name}/FinInstnId/Othr/Id", "NOTPROVIDED")


def _texts(parent: Element, values: Mapping[str, str]) -> None:
    for name, text in values.items():
        SubElement(parent, name).text = text


def _path(parent: Element, path: str, text: str) -> None:
    at = parent
    for name in path.split("/"):
        at = SubElement(at, name)
    at.text = text


def transfers_sorted(transfers: Iterable[Transfer]) -> list[Transfer]:
    """In the order of the codes: the same batch makes the same file."""
    return sorted(transfers, key=lambda each: each.code)
