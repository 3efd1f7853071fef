"""What shoppers are asked about appeals against their reports, sealed; and what they answer."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, Scope, connection

from .staff import Line

_ASK = """
INSERT INTO field.appeal_question (id, affiliate_id, appeal_id, report_id, question_id, asked, asked_by, asked_at)
SELECT $3, $1, $4, r.id, $5, $6, $7, $8
  FROM field.report r
 WHERE r.affiliate_id = $1
   AND r.shop_id = $2
"""

_ASKED = """
SELECT q.id, q.appeal_id, q.report_id, q.question_id, q.asked, q.answer, q.asked_at, q.answered_at
  FROM field.appeal_question q
"""


async def insert_question(scope: Scope, line: Line, question_id: UUID, asked: bytes, now: datetime) -> None:
    """Ask the shopper; asked: sealed."""
    await connection().execute(
        _ASK, scope.affiliate_id, line.shop_id, question_id, line.appeal.id, line.appeal.question_id, asked,
        scope.account_id, now,
    )  # fmt: skip


async def asked_of(scope: Scope, appeal_id: UUID) -> list[Record]:
    """What the shopper was asked about an appeal, sealed, the oldest first."""
    rows: list[Record] = await connection().fetch(
        f"{_ASKED} WHERE q.affiliate_id = $1 AND q.appeal_id = $2 ORDER BY q.asked_at, q.id",
        scope.affiliate_id,
        appeal_id,
    )
    return rows


async def question_in(scope: Scope, question_id: UUID) -> Record:
    """One question, sealed; Role.SHOPPER sees those about own reports. Raises NotFound."""
    row = await connection().fetchrow(
        f"{_ASKED} WHERE q.affiliate_id = $1 AND q.id = $2", scope.affiliate_id, question_id
    )
    if row is None:
        raise NotFound("question")
    return row


async def own_questions(scope: Scope) -> list[Record]:
    """Questions that wait for the shopper's answer. Role.SHOPPER."""
    rows: list[Record] = await connection().fetch(
        f"{_ASKED} WHERE q.affiliate_id = $1 AND q.answered_at IS NULL ORDER BY q.asked_at, q.id LIMIT 50",
        scope.affiliate_id,
    )
    return rows


async def count_own_questions(scope: Scope) -> int:
    """How many questions wait for the shopper's answer. Role.SHOPPER."""
    found: int = await connection().fetchval(
        "SELECT count(*) FROM field.appeal_question WHERE affiliate_id = $1 AND answered_at IS NULL",
        scope.affiliate_id,
    )
    return found


async def write_answer(scope: Scope, question_id: UUID, answer: bytes, now: datetime) -> bool:
    """Keep the shopper's answer; False where it was answered before. Role.SHOPPER."""
    done: str = await connection().execute(
        "UPDATE field.appeal_question SET answer = $3, answered_at = $4"
        " WHERE affiliate_id = $1 AND id = $2 AND answered_at IS NULL",
        scope.affiliate_id,
        question_id,
        answer,
        now,
    )
    return done == "UPDATE 1"
