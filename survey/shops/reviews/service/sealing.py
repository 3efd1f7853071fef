"""Words of a review under the report's own seal, each bound to where it stands."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from privacy.vault import DataKey, Place, blind_index, seal, unseal_text
from survey.shops.fieldwork.service import place as text_place

from ..domain import Decision, Edit, Left, Mention, Note, compared

FINGERPRINT = "field.text_fingerprint.fingerprint"
LEFT = "field.finding_left.fingerprint"


def opened_texts(key: DataKey, report_id: UUID, texts: Mapping[str, bytes]) -> dict[str, str]:
    """The words of a report by field."""
    return {name: unseal_text(key, text_place(report_id, name), sealed) for name, sealed in texts.items()}


def sealed_text(key: DataKey, report_id: UUID, question_id: str, text: str) -> bytes:
    """Words as they stand in the report."""
    return seal(key, text_place(report_id, question_id), text)


def sealed_in_edit(key: DataKey, report_id: UUID, column: str, question_id: str, text: str) -> bytes:
    """Words of a change. column: old_sealed, new_sealed or reason."""
    return seal(key, _edit_place(report_id, column, question_id), text)


def opened_edit(key: DataKey, report_id: UUID, row: Record) -> Edit:
    """A change with its words."""

    def words(column: str) -> str | None:
        place = _edit_place(report_id, column, row["question_id"])
        return unseal_text(key, place, row[column]) if row[column] is not None else None

    is_text = row["old_sealed"] is not None or row["new_sealed"] is not None
    old, new = (words("old_sealed"), words("new_sealed")) if is_text else (row["old_coded"], row["new_coded"])
    return Edit(
        row["question_id"], row["n"], row["at"], row["origin"], old, new, reason=words("reason") or "", is_text=is_text
    )  # fmt: skip


def opened_submission(key: DataKey, report_id: UUID, number: int, sealed: bytes) -> dict[str, Any]:
    """A report as it was handed in: coded, texts (by question), and what fieldwork keeps of the visit."""
    whole: dict[str, Any] = msgspec.json.decode(unseal_text(key, _submission_place(report_id, number), sealed))
    return whole


def sealed_submission(key: DataKey, report_id: UUID, number: int, whole: str) -> bytes:
    """A report as it goes back to its shopper, as JSON."""
    return seal(key, _submission_place(report_id, number), whole)


def sealed_note(key: DataKey, report_id: UUID, question_id: str, text: str) -> bytes:
    """A note to the shopper."""
    return seal(key, _note_place(report_id, question_id), text)


def opened_note(key: DataKey, report_id: UUID, row: Record) -> Note:
    """A note with its words."""
    text = unseal_text(key, _note_place(report_id, row["question_id"]), row["note"])
    return Note(row["id"], row["question_id"], text, row["at"], row["sent_at"])


def sealed_of_mention(key: DataKey, mention_id: UUID, column: str, text: str) -> bytes | None:
    """Name or description of somebody; None where there is none."""
    return seal(key, Place(f"field.employee_mention.{column}", mention_id, key.subject_id), text) if text else None


def opened_mention(key: DataKey, row: Record) -> Mention:
    """Somebody in a report with name and description, as far as they are still there."""

    def words(column: str) -> str:
        place = Place(f"field.employee_mention.{column}", row["id"], key.subject_id)
        return unseal_text(key, place, row[column]) if row[column] is not None else ""

    return Mention(row["id"], row["token"], row["role"], words("name"), words("description"), row["purge_after"])


def coaching_place(report_id: UUID) -> Place:
    """Where what an editor advises stands."""
    return Place("field.review.coaching", report_id, report_id)


def decision_place(report_id: UUID, n: int) -> Place:
    """Where the words of a report's n-th decision stand."""
    return Place(f"field.review_decision.words#{n}", report_id, report_id)


def proposed_place(report_id: UUID) -> Place:
    """Where the words of a rejection stand that waits for its second person."""
    return Place("field.review.proposed_words", report_id, report_id)


def opened_decision(key: DataKey, report_id: UUID, row: Record) -> Decision:
    """A decision with its words."""
    words = unseal_text(key, decision_place(report_id, row["n"]), row["words"]) if row["words"] else ""
    return Decision(row["kind"], row["reason"], row["old_grade"], row["new_grade"], row["at"], words)


def contest_place(column: str, contest_id: UUID, report_id: UUID) -> Place:
    """Where words of a contest stand. column: words or answer."""
    return Place(f"field.rejection_contest.{column}", contest_id, report_id)


def fingerprints_of(index_key: bytes, affiliate_id: UUID, texts: Mapping[str, str]) -> dict[str, bytes]:
    """Keyed fingerprints of the texts that are long enough to be compared with those of other reports."""
    plain = {name: compared(text) for name, text in texts.items()}
    return {name: blind_index(index_key, FINGERPRINT, affiliate_id, text) for name, text in plain.items() if text}


def left_fingerprint(index_key: bytes, report_id: UUID, said: tuple[str, str, str]) -> bytes:
    """What a finding that was left is known by: within its report alone, so that nothing can be looked up by it.

    said: kind, words, and the whole text that they stand in.
    """
    return blind_index(index_key, LEFT, report_id, "\0".join(said))


def sealed_left_reason(key: DataKey, report_id: UUID, question_id: str, reason: str) -> bytes | None:
    """Why a finding was left in; None where no reason was asked for."""
    return seal(key, _left_place(report_id, question_id), reason) if reason else None


def opened_left(key: DataKey, report_id: UUID, question_id: str, row: Record) -> Left:
    """That a finding was left in, and why."""
    reason = unseal_text(key, _left_place(report_id, question_id), row["reason"]) if row["reason"] is not None else ""
    return Left(row["by_id"], row["left_at"], reason)


def _edit_place(report_id: UUID, column: str, question_id: str) -> Place:
    return Place(f"field.report_edit.{column}#{question_id}", report_id, report_id)


def _submission_place(report_id: UUID, number: int) -> Place:
    return Place(f"field.report_submission.sealed#{number}", report_id, report_id)


def _left_place(report_id: UUID, question_id: str) -> Place:
    return Place(f"field.finding_left.reason#{question_id}", report_id, report_id)


def _note_place(report_id: UUID, question_id: str) -> Place:
    return Place(f"field.report_note.note#{question_id}", report_id, report_id)
