"""Use cases of pay. `promise`, `make_payable` and `void` are what other areas call, by shop."""

from .batches import Changed, Planned, UnknownCodes, cancel, create_batch, preview, settle, take_out
from .exports import BankFile, FileKind, NoAccount, export
from .items import make_payable, pay_again, promise, restore, reverse, void, void_item
from .notes import PAY_PURPOSE
from .payer import change_payer
from .statements import as_pdf, statement_of
from .telling import tell_paid
from .waiting import MoreThanShown, ask_where, asking_of, tell_waiting
from .years import TAX_PURPOSE, YearKind, export_year

__all__ = [
    "PAY_PURPOSE",
    "TAX_PURPOSE",
    "BankFile",
    "Changed",
    "FileKind",
    "MoreThanShown",
    "NoAccount",
    "Planned",
    "UnknownCodes",
    "YearKind",
    "as_pdf",
    "ask_where",
    "asking_of",
    "cancel",
    "change_payer",
    "create_batch",
    "export",
    "export_year",
    "make_payable",
    "pay_again",
    "preview",
    "promise",
    "restore",
    "reverse",
    "settle",
    "statement_of",
    "take_out",
    "tell_paid",
    "tell_waiting",
    "void",
    "void_item",
]
