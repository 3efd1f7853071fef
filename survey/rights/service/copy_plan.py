"""What a copy of a shopper's data holds of each table, read from the declarations beside the columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TypeVar

from piccolo.columns import UUID, Bytea, Column, Date, Timestamptz
from piccolo.table import Table

from privacy.audit import tables as audit
from privacy.consents import tables as consents
from privacy.inventory import CALIFORNIA, Personal, declaration_of
from survey.mail import tables as mail
from survey.rights.domain.copies import HELD_BACK, KINDS, WITHOUT, Kind
from survey.shoppers.service import files

from .erasure_plan import is_about_a_shopper, link_of, name_of, tables_about_shoppers

# Tables that are about other people as well: by what a shopper's rows are found there, as the copy finds them.
BESIDES: Mapping[str, str] = {
    "ledger.consent": "subject_id",
    "ledger.event": "subject_id",
    "ops.delivery": "recipient_id",
}
T = TypeVar("T")
_MODULES: tuple[ModuleType, ...] = (audit, consents, mail)
# Ids that lead to things. Every other id leads to somebody, or nowhere.
THINGS = frozenset({
    "id", "shop_id", "report_id", "version_id", "guideline_id", "assignment_id", "appeal_id", "thread_id", "client_id",
    "kind_id", "field_id", "batch_id", "round_id",
})  # fmt: skip
# Which id of which table is a secret: it stands in an address that needs no sign-in. And that a company which somebody
# typed is no client, or which one, is the clients' secret (Art. 15(4) GDPR).
SECRET = frozenset({"ops.calendar_feed.id", "identity.email_change.id", "identity.conflict.checked_at"})
# The reasons stand in `WITHOUT`.
ONLY: Mapping[str, str] = {
    "field.review": "t.decision <> ''",
    "field.report_note": "t.sent_at IS NOT NULL",
    "field.report_submission": "t.number > 0",
    "ledger.event": "t.purpose IS NOT NULL",
}


@dataclass(frozen=True, slots=True)
class Seal:
    """To what the sealed values of a table are bound: columns of the row's id, of the key's, and what tells apart."""

    row: str
    subject: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A table as the copy reads it.

    link: by what rows are found. told: personal columns; beside: others, which make them plain. order: the columns that
    sort; files: columns that name files; seal: where there are sealed columns.
    """

    table: str
    link: str
    told: tuple[str, ...]
    beside: tuple[str, ...]
    order: tuple[str, ...]
    sealed: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    seal: Seal | None = None
    only: str = ""


_OF_SHOPPER, _OF_REPORT = Seal("id", "shopper_id"), Seal("id", "report_id")
SEALS: Mapping[str, Seal] = {
    "identity.shopper": Seal("id", "id"),
    "identity.email_change": Seal("shopper_id", "shopper_id"),
    "identity.profile_answer": Seal("shopper_id", "shopper_id", "field_id"),
    "identity.qualification": _OF_SHOPPER,
    "identity.document": _OF_SHOPPER,
    "identity.application": _OF_SHOPPER,
    "identity.conflict": _OF_SHOPPER,
    "identity.extension": _OF_SHOPPER,
    "identity.mark": _OF_SHOPPER,
    "identity.deactivation": Seal("shopper_id", "shopper_id", "id"),
    "identity.message": _OF_SHOPPER,
    "identity.restriction": _OF_SHOPPER,
    "field.report_text": Seal("report_id", "report_id", "question_id"),
    "field.report_submission": Seal("report_id", "report_id", "number"),
    "field.report_edit": Seal("report_id", "report_id", "question_id"),
    "field.report_note": Seal("report_id", "report_id", "question_id"),
    "field.review": Seal("report_id", "report_id"),
    "field.review_decision": Seal("report_id", "report_id", "n"),
    "field.rejection_contest": _OF_REPORT,
    "field.appeal_question": _OF_REPORT,
}
# Columns that name files: whether the file is sealed with the person's key.
FILES: Mapping[str, bool] = {
    files.PORTRAIT: True,
    files.DOCUMENT: True,
    "field.evidence.media_key": False,
    "field.evidence.client_key": False,
    "field.recording.original_key": False,
    "field.recording.media_key": False,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a kind of data beside it: what for, how long, what the law calls it, and what is held back."""

    kind: Kind
    purposes: tuple[str, ...]
    kept: tuple[str, ...]
    categories: tuple[str, ...]
    held_back: tuple[tuple[str, str], ...]


def unnamed(tables: Iterable[type[Table]] | None = None) -> list[str]:
    """Columns about a shopper that are neither in a kind of the copy nor held back with a reason."""
    named = {f"{source.table}.{column}" for kind in KINDS for source in sources_of(kind) for column in source.told}
    read = tables_about_shoppers() if tables is None else tables
    columns = [column for table in read for column in table._meta.columns]
    places = [_place(column) for column in columns if is_about_a_shopper(column)]
    return [place for place in places if place not in named and place not in HELD_BACK]


@cache
def sources_of(kind: Kind) -> tuple[Source, ...]:
    """The tables of a kind, as the copy reads them."""
    known = _tables()
    return tuple(_source(known[name]) for name in kind.tables)


@cache
def told_of(kind: Kind) -> Told:
    """What the declarations say of a kind."""
    columns = [column for name in kind.tables for column in _tables()[name]._meta.columns]
    said = [(_place(column), declaration_of(column)) for column in columns if _speaks(column)]
    declared = [(place, each) for place, each in said if isinstance(each, Personal)]
    without = [WITHOUT[name] for name in kind.tables if name in WITHOUT]
    return Told(
        kind,
        _once(purpose for _, each in declared for purpose in each.purposes),
        _once(_kept(each) for _, each in declared),
        _once(word for _, each in declared for word in CALIFORNIA[each.category]),
        _once((*((_words(place), HELD_BACK[place]) for place, _ in declared if place in HELD_BACK), *without)),
    )


def column_of(table: str, name: str) -> Column:
    """A column of a table of the copy."""
    return next(column for column in _tables()[table]._meta.columns if _name(column) == name)


def _source(table: type[Table]) -> Source:
    name, columns = name_of(table), list(table._meta.columns)
    told = [column for column in columns if _is_told(column) and _place(column) not in HELD_BACK]
    beside = [column for column in columns if not _is_told(column) and _is_thing(name, column)]
    sealed = tuple(_name(column) for column in told if isinstance(column, Bytea))
    return Source(
        name,
        BESIDES.get(name) or link_of(table),
        tuple(_name(column) for column in told),
        tuple(_name(column) for column in beside),
        tuple(_name(column) for column in (*_moments(columns), *_keys(columns))),
        sealed,
        tuple(_name(column) for column in told if _place(column) in FILES),
        SEALS[name] if sealed else None,
        ONLY.get(name, ""),
    )


def _is_told(column: Column) -> bool:
    return is_about_a_shopper(column) or _place(column) in {f"{table}.{link}" for table, link in BESIDES.items()}


def _speaks(column: Column) -> bool:
    """Whether its declaration says what for and how long: where a table is about others too, any of its columns."""
    return is_about_a_shopper(column) or name_of(column._meta.table) in BESIDES


def _is_thing(table: str, column: Column) -> bool:
    """Whether a column that is not about the person may stand beside those that are: no secret, and nobody else."""
    if isinstance(declaration_of(column), Personal) or f"{table}.{_name(column)}" in SECRET:
        return False
    return not isinstance(column, UUID) or _name(column) in THINGS


def _moments(columns: Sequence[Column]) -> Sequence[Column]:
    return [column for column in columns if isinstance(column, Date | Timestamptz) and not column._meta.null][:1]


def _keys(columns: Sequence[Column]) -> Sequence[Column]:
    return [column for column in columns if _name(column) in {"id", "report_id", "shopper_id", "question_id", "n"}]


def _kept(declared: Personal) -> str:
    kept = declared.retention
    if kept.days is None:
        return f"for good, counted from {kept.counted_from}"
    years, days = divmod(kept.days, 365)
    length = f"{years} {'year' if years == 1 else 'years'}" if years and days <= years else f"{kept.days} days"
    return f"{length} from {kept.counted_from}"


def _words(place: str) -> str:
    return place.rpartition(".")[2].replace("_", " ")


def _once(words: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(words))


@cache
def _tables() -> Mapping[str, type[Table]]:
    found = {name_of(table): table for table in tables_about_shoppers()}
    for module in _MODULES:
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Table) and value is not Table:
                found[name_of(value)] = value
    return found


def _name(column: Column) -> str:
    return str(column._meta.db_column_name)


def _place(column: Column) -> str:
    return f"{name_of(column._meta.table)}.{_name(column)}"
