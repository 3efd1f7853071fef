"""The shopper's own side: what a year came to, on paper."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec
import typst

from privacy.vault import KeyRing, Place, data_key, unseal_text
from survey.db import NotFound, Scope, connection
from survey.shoppers.domain import NAME

from .. import queries
from ..domain import Statement, content_of

SOURCE = Path(__file__).resolve().parents[4] / "templates" / "payments" / "statement.typ"
ACCESSIBLE: Literal["ua-1"] = "ua-1"  # ISO 14289-1


async def statement_of(scope: Scope, ring: KeyRing, year: int, today: date) -> Statement:
    """The shopper's own statement of a year. Role.SHOPPER. Raises NotFound for a year in which nothing was paid."""
    lines = await queries.paid_lines(scope, year)
    if not lines or scope.shopper_id is None:
        raise NotFound("statement")
    parties = await queries.parties_of(scope)
    key = await data_key(connection(), ring, scope.shopper_id)
    name = unseal_text(key, Place(NAME, scope.shopper_id, scope.shopper_id), parties.sealed_name)
    return Statement(year, parties.payer, parties.address, name, parties.code, today, lines)


async def as_pdf(statement: Statement) -> bytes:
    """The statement as an accessible PDF whose metadata names nobody. Set in a thread: others need not wait."""
    return await asyncio.to_thread(_set, msgspec.json.encode(content_of(statement)).decode())


def _set(content: str) -> bytes:
    source = SOURCE.read_bytes()
    try:
        return _compiled(source, content, ACCESSIBLE)
    except typst.TypstError:
        # A name in a script that the bundled fonts do not have: readable for most is better than for nobody.
        return _compiled(source, content, None)


def _compiled(source: bytes, content: str, standard: Literal["ua-1"] | None) -> bytes:
    # Without a date of its own, the same statement is the same file.
    return typst.compile(
        source, format="pdf", ignore_system_fonts=True, sys_inputs={"content": content}, pdf_standards=standard,
        timestamp=0,
    )  # fmt: skip
