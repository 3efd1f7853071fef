"""A year's totals as a file: by code, or with names and tax numbers for a tax office, each look recorded."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from privacy.crypto import sha256
from privacy.vault import KeyRing, Place, data_keys, unseal_text
from survey.db import Scope, connection
from survey.shoppers import service as shoppers
from survey.shoppers.domain import NAME

from .. import queries
from ..domain import Payee, Reach, YearAsked, years_csv
from .exports import BankFile, FileKind
from .notes import note_named, note_year

TAX_PURPOSE = "tell the tax office what was paid"


class YearKind(StrEnum):
    """What a year's file says of people."""

    CODES = "codes"
    NAMES = "names"


async def export_year(scope: Scope, ring: KeyRing, asked: YearAsked, kind: YearKind, now: datetime) -> BankFile:
    """What shoppers were paid in a year, as a list.

    With names it holds only those whom a tax office wants to hear of, where the affiliate has said from what amount.
    """
    if kind is YearKind.NAMES and asked.tax_from_cents is not None:
        asked = replace(asked, reach=asked.reach or Reach.REACHED)
    lines = await queries.all_year_lines(scope, asked)
    people = list(dict.fromkeys(line.shopper_id for line in lines))
    named = await _opened(scope, ring, people, asked.year, now) if kind is YearKind.NAMES else None
    body = years_csv(asked, lines, named)
    await note_year(
        scope, now, year=asked.year, kind=kind.value, people=len(people), digest=sha256(body).hex(),
        currency=asked.currency, reach=asked.reach.value if asked.reach else "", is_one_code=bool(asked.code),
    )  # fmt: skip
    return BankFile(body, f"pay-{asked.year}-{kind}.csv", FileKind.CSV)


async def _opened(
    scope: Scope, ring: KeyRing, people: Sequence[UUID], year: int, now: datetime
) -> dict[UUID, Payee]:  # fmt: skip
    sealed = await queries.sealed_names(scope, people)
    keys = await data_keys(connection(), ring, list(sealed))
    names = {one: unseal_text(keys[one], Place(NAME, one, one), sealed[one]) for one in sealed if one in keys}
    await note_named(scope, list(names), TAX_PURPOSE, now, year=year)
    numbers = await shoppers.open_tax_numbers(scope, ring, list(people), TAX_PURPOSE, now)
    return {one: Payee(names.get(one, ""), *numbers.get(one, ("", ""))) for one in people}
