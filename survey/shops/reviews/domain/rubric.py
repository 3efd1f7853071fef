"""The published rubric of a report's grade: four parts, ten points. Shoppers and editors read the same words."""

from collections.abc import Mapping
from dataclasses import dataclass

LEAST_GRADE, MOST_GRADE = 1, 10
LAST_GRADES = 10  # a shopper's own grade is the mean of so many


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the grade. steps: points -> what they are given for, the most first."""

    code: str
    title: str
    question: str
    steps: Mapping[int, str]

    @property
    def most(self) -> int:
        """The most points."""
        return max(self.steps)


RUBRIC: tuple[Part, ...] = (
    Part(
        "accuracy",
        "Accuracy",
        "Do the answers agree with one another, with the pictures and with the guideline?",
        {
            4: "Everything agrees",
            3: "One small slip that changes no score",
            2: "A slip that changed the score, or two small ones",
            1: "Several answers had to be put right",
            0: "The answers cannot be relied on",
        },
    ),
    Part(
        "narrative",
        "Narrative",
        "Does the story say what was seen and heard, in order, without opinion where a fact was asked?",
        {
            3: "Clear, complete and factual",
            2: "Clear, with a gap that was easily filled",
            1: "Thin, or opinion in place of facts",
            0: "Missing, or about something else",
        },
    ),
    Part(
        "evidence",
        "Evidence and guideline",
        "Are receipt and pictures there and readable, and was the scenario played as written?",
        {2: "All of it", 1: "Something small is missing", 0: "Proof is missing or the scenario was not played"},
    ),
    Part(
        "care",
        "On time, and careful with people",
        "Did the report come in time, and does it keep names and numbers of people out?",
        {1: "Yes", 0: "No"},
    ),
)


class BadPoints(ValueError):
    """Points that the rubric does not know; `code` is the part."""

    def __init__(self, code: str) -> None:
        super().__init__("Choose how many points")
        self.code = code


def grade_of(breakdown: Mapping[str, int]) -> int:
    """The grade from 1 to 10: the sum of the parts, and never less than 1. Raises BadPoints."""
    for part in RUBRIC:
        if breakdown.get(part.code) not in part.steps:
            raise BadPoints(part.code)
    return max(LEAST_GRADE, min(MOST_GRADE, sum(breakdown[part.code] for part in RUBRIC)))
