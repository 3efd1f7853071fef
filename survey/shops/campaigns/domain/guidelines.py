"""Guidelines: what changed between two versions, and their quiz. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from uuid import UUID

from msgspec import Struct

from .tries import Tries, TryRule

BODY_CHARACTERS = 20_000
MOST_QUESTIONS = 30
MOST_CHOICES = 8


@dataclass(frozen=True, slots=True)
class Guideline:
    """One version of what shoppers must know. It never changes; a correction is the next number."""

    id: UUID
    campaign_id: UUID
    number: int
    body: str
    quiz: "tuple[Question, ...]"
    pass_percent: int
    created_at: datetime
    readers: int = 0
    passed: int = 0
    most_tries: int | None = None
    wait_hours: int = 0

    @property
    def rule(self) -> TryRule:
        """How often its quiz may be tried."""
        return TryRule(self.most_tries, self.wait_hours)


class Question(Struct, frozen=True):
    """A question of the quiz. choices: what can be picked; right: the indices, from 0, that must be picked, all."""

    title: str
    choices: tuple[str, ...]
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """A version as a shopper meets it: with its campaign, whether it is in force, and what the shopper did with it.

    time_zone: the shopper's own.
    """

    guideline: Guideline
    campaign_name: str
    current_id: UUID | None
    read_at: datetime | None
    passed_at: datetime | None
    tries: Tries = field(default_factory=Tries)
    time_zone: str = "UTC"

    @property
    def is_current(self) -> bool:
        """Whether this is the version in force."""
        return self.guideline.id == self.current_id


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the shopper sees it: without its answer."""

    number: int
    title: str
    choices: tuple[str, ...]
    is_multiple: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """What came of a try. wrong: numbers of the questions, from 1."""

    percent: int
    is_passed: bool
    wrong: tuple[int, ...]


class Unanswered(Exception):
    """A try that does not count: questions are left open. numbers: which, from 1."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        super().__init__("questions are not answered")
        self.numbers = numbers


class BadQuiz(ValueError):
    """The text is no quiz; the message says which question and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison. kind: `same`, `added` or `removed`."""

    kind: str
    text: str


def asked(quiz: Sequence[Question]) -> list[Asked]:
    """The questions without their answers. Whether several must be picked is said, how many is not."""
    return [
        Asked(number, question.title, question.choices, len(question.right) > 1)
        for number, question in enumerate(quiz, start=1)
    ]


def mark(quiz: Sequence[Question], pass_percent: int, answers: Mapping[int, frozenset[int]]) -> Mark:
    """answers: number of the question, from 1 -> the indices that were picked. A part of the right ones is wrong."""
    wrong = tuple(
        number
        for number, question in enumerate(quiz, start=1)
        if answers.get(number, frozenset()) != frozenset(question.right)
    )
    percent = 100 if not quiz else 100 * (len(quiz) - len(wrong)) // len(quiz)
    return Mark(percent, percent >= pass_percent, wrong)


def unanswered(quiz: Sequence[Question], answers: Mapping[int, frozenset[int]]) -> tuple[int, ...]:
    """Numbers of the questions, from 1, of which no choice was picked."""
    return tuple(
        number
        for number, question in enumerate(quiz, start=1)
        if answers.get(number, frozenset()).isdisjoint(range(len(question.choices)))
    )


def quiz_of(text: str) -> tuple[Question, ...]:
    """A quiz as it is typed: questions with a line for each choice, `*` before the right ones and `-` before others.

    Raises BadQuiz.
    """
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    if len(blocks) > MOST_QUESTIONS:
        raise BadQuiz(f"Ask at most {MOST_QUESTIONS} questions")
    return tuple(_question(block, number) for number, block in enumerate(blocks, start=1))


def quiz_text(quiz: Sequence[Question]) -> str:
    """The same quiz as text."""
    return "\n\n".join(
        "\n".join(
            [question.title]
            + [f"{'*' if place in question.right else '-'} {choice}" for place, choice in enumerate(question.choices)]
        )
        for question in quiz
    )


def _question(block: str, number: int) -> Question:
    lines = [line.strip() for line in block.splitlines() if line.strip()]
    titles = [line for line in lines if line[0] not in "*-"]
    choices = [line for line in lines if line[0] in "*-"]
    if len(titles) != 1 or lines[0] != titles[0]:
        raise BadQuiz(f"Question {number}: write the question on one line, then a line with - or * for each answer")
    if not 1 < len(choices) <= MOST_CHOICES or len({choice[1:].strip() for choice in choices}) < len(choices):
        raise BadQuiz(f"Question {number}: give 2 to {MOST_CHOICES} different answers")
    right = tuple(place for place, choice in enumerate(choices) if choice[0] == "*")
    if not right:
        raise BadQuiz(f"Question {number}: put * before the right answer")
    return Question(titles[0], tuple(choice[1:].strip() for choice in choices), right)


def compared(before: str, after: str) -> list[Line]:
    """Two texts line by line: what stayed, what went, what came."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    for what, first, last, from_new, to_new in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Line("same", text) for text in old[first:last]]
        else:
            found += [Line("removed", text) for text in old[first:last]]
            found += [Line("added", text) for text in new[from_new:to_new]]
    return found


def changes_between(before: str, after: str) -> list[Line]:
    """What went and what came, without what stayed and without empty lines."""
    return [line for line in compared(before, after) if line.kind != "same" and line.text.strip()]
