"""What each field of a copy means, from the declarations beside the columns."""

from datetime import datetime
from typing import Any

import msgspec

from privacy.inventory import CALIFORNIA, Personal, declaration_of
from survey.rights.domain.copies import ELSEWHERE, HELD_BACK, KINDS, WITHOUT, Kind

from .copy_plan import Source, column_of, sources_of, told_of

VERSION = 1
NOTE = (
    "UTF-8 JSON. Each file holds one object with a list for each table, one object a row. Times are in UTC (RFC 3339),"
    " days are ISO 8601, amounts are in hundredths of the currency. Values that say {\"file\": …} name a file of this"
    " copy, {\"gone\": …} one that is no longer kept, {\"lost\": …} a value that can no longer be opened. Beside ids"
    " stand the words for what they lead to."
)  # fmt: skip


def schema(company: str, made_at: datetime) -> bytes:
    """The file `schema.json`."""
    whole = {
        "schema": VERSION,
        "company": company,
        "made_at": made_at,
        "note": NOTE,
        "files": {f"{kind.name}.json": _of_kind(kind) for kind in KINDS},
        "elsewhere": [{"what": one.what, "where": one.where} for one in ELSEWHERE],
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)


def _of_kind(kind: Kind) -> dict[str, Any]:
    told = told_of(kind)
    return {
        "title": kind.title,
        "what": kind.words,
        "categories": told.categories,
        "source": kind.source,
        "purposes": told.purposes,
        "shown_to": kind.shown_to,
        "kept": told.kept,
        "held_back": {name: reason for name, reason in HELD_BACK.items() if name.rpartition(".")[0] in kind.tables},
        "without": [{"what": WITHOUT[name][0], "why": WITHOUT[name][1]} for name in kind.tables if name in WITHOUT],
        "tables": {source.table.rpartition(".")[2]: _of_source(source) for source in sources_of(kind)},
    }


def _of_source(source: Source) -> dict[str, Any]:
    return {name: _of_column(source, name) for name in (*source.beside, *source.told)}


def _of_column(source: Source, name: str) -> dict[str, Any]:
    declared = declaration_of(column_of(source.table, name))
    if isinstance(declared, Personal):
        return {"category": declared.category.value, "law": CALIFORNIA[declared.category], "for": declared.purposes}
    return {"what": declared.reason}
