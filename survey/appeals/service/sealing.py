"""Questions to shoppers and their answers, under the report's own seal."""

from uuid import UUID

from asyncpg import Record

from privacy.vault import DataKey, Place, unseal_text

from ..domain import Asked


def asked_place(column: str, question_id: UUID, report_id: UUID) -> Place:
    """Where a question or its answer stands. column: asked or answer."""
    return Place(f"field.appeal_question.{column}", question_id, report_id)


def opened(key: DataKey, row: Record) -> Asked:
    """A question with its words."""

    def words(column: str) -> str:
        place = asked_place(column, row["id"], row["report_id"])
        return unseal_text(key, place, row[column]) if row[column] is not None else ""

    return Asked(
        row["id"], row["appeal_id"], row["question_id"], words("asked"), words("answer"), row["asked_at"],
        row["answered_at"],
    )  # fmt: skip
