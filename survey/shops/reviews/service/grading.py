"""A shopper's grades as the shopper and staff read them: each report's, the own one, and what moved it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from privacy.vault import data_keys, unseal_text
from survey.db import NotFound, Scope, connection
from survey.settings import Settings

from .. import queries
from ..domain import LAST_GRADES, GradedReport, Moved, in_tenths, moves_of
from .noting import note_shopper
from .sealing import coaching_place

SHOWN_REPORTS, SHOWN_MOVES, TREND = 20, 20, 12
READ_REPORTS = 200  # whose decisions are followed
READ_PURPOSE = "see how a shopper's grade came about"


@dataclass(frozen=True, slots=True)
class Grades:
    """A shopper's grades. tenths: the own grade, which eligibility asks; reports and moves: the newest first.

    is_partial: whoever reads it works for certain clients, so that what counts and what moved it cannot be told.
    """

    display_code: str
    tenths: int | None
    reports: Sequence[GradedReport]
    moves: Sequence[Moved]
    is_partial: bool = False

    @property
    def average(self) -> str:
        """The own grade as people say it; empty where there is none."""
        return in_tenths(self.tenths)

    @property
    def counted(self) -> Sequence[GradedReport]:
        """The reports whose mean the own grade is."""
        return [each for each in self.reports if each.is_counted]

    @property
    def trend(self) -> Sequence[Mapping[str, object]]:
        """The own grade after each change as points of a line, the oldest first."""
        return [
            {"label": f"{move.graded.at:%d %b}".lstrip("0"), "value": move.after_tenths / 10}
            for move in reversed(self.moves[:TREND])
            if move.after_tenths is not None
        ]


async def own_grades(scope: Scope, settings: Settings) -> Grades:
    """The shopper's own grades. Role.SHOPPER. Raises NotFound."""
    if scope.shopper_id is None:
        raise NotFound("shopper")
    return await _grades(scope, settings, scope.shopper_id)


async def grades_of(scope: Scope, settings: Settings, shopper_id: UUID, now: datetime) -> Grades:
    """A shopper's grades for staff; that they were read is recorded. Raises NotFound."""
    found = await _grades(scope, settings, shopper_id)
    await note_shopper(scope, "grades.read", shopper_id, now, READ_PURPOSE)
    return found


async def _grades(scope: Scope, settings: Settings, shopper_id: UUID) -> Grades:
    standing = await queries.find_standing(scope, shopper_id)
    if standing is None:
        raise NotFound("shopper")
    rows = await queries.graded_reports(scope, shopper_id, SHOWN_REPORTS)
    keys = await data_keys(connection(), settings.keyring, [row["report_id"] for row in rows])

    def coaching(row: Mapping[str, Any]) -> str:
        key = keys.get(row["report_id"])
        return unseal_text(key, coaching_place(row["report_id"]), row["coaching"]) if key and row["coaching"] else ""

    reports = [
        GradedReport(
            row["shop_id"], row["public_ref"], row["campaign_name"], row["grade"], row["decided_at"],
            row["breakdown"], coaching(row), is_counted=place < LAST_GRADES,
        )
        for place, row in enumerate(rows)
    ]  # fmt: skip
    if scope.clients is not None:
        return Grades(standing.display_code, standing.grade_tenths, reports, (), is_partial=True)
    moves = moves_of(await queries.graded_of(scope, shopper_id, READ_REPORTS))[:SHOWN_MOVES]
    return Grades(standing.display_code, standing.grade_tenths, reports, moves)
