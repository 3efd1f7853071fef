"""The shopper's own side: what a year came to, on paper."""

from datetime import date
from pathlib import Path

from privacy.vault import KeyRing, Place, data_key, unseal_text
from survey.db import NotFound, Scope, connection
from survey.media import set_on_paper
from survey.shoppers.domain import NAME

from .. import queries
from ..domain import Statement, content_of

SOURCE = Path(__file__).resolve().parents[4] / "templates" / "payments" / "statement.typ"


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
    """The statement as an accessible PDF whose metadata names nobody."""
    return await set_on_paper(SOURCE, content_of(statement))
