"""What the programmes are put together from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from survey.questionnaires.domain import Choice, Definition, Item, Kind
from survey.shops.campaigns.domain import ItemScore, Question, Scoring

YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))
MOST_SECONDS = 1800
PASS_PERCENT = 80


@dataclass(frozen=True, slots=True)
class Programme:
    """One campaign. changes: what its pages set beside questions, scoring and guideline; scenarios: name, words.

    scene: of which narratives its reports are put together; earlier: versions of its questionnaire that came before.
    """

    name: str
    kind: str
    scene: str
    questionnaire: Definition
    scoring: Scoring
    guideline: str
    scenarios: Sequence[tuple[str, str]]
    changes: Mapping[str, Any]
    quiz: Sequence[Question] = field(default=())
    earlier: Sequence[Definition] = field(default=())


def without(definition: Definition, *item_ids: str) -> Definition:
    """The questionnaire before it had these questions."""
    sections = [
        replace(section, items=tuple(item for item in section.items if item.id not in item_ids))
        for section in definition.sections
    ]
    return replace(definition, sections=tuple(sections))


def yes_no(item_id: str, title: str, phrase: str) -> Item:
    """A question that must be answered with yes or no."""
    return Item(item_id, Kind.SINGLE, title, phrase=phrase, is_required=True, choices=YES_NO)


def graded(item_id: str, title: str, phrase: str, ends: tuple[str, str]) -> Item:
    """A scale from 1 to 5 that must be answered."""
    return Item(
        item_id, Kind.SCALE, title, phrase=phrase, is_required=True, minimum=1, maximum=5,
        least_label=ends[0], most_label=ends[1],
    )  # fmt: skip


def seconds(item_id: str, title: str, phrase: str) -> Item:
    """A number of seconds since the shopper came in."""
    return Item(item_id, Kind.NUMBER, title, phrase=phrase, is_required=True, minimum=0, maximum=MOST_SECONDS,
                unit="seconds")  # fmt: skip


def story(item_id: str, title: str, help_text: str, *, is_required: bool = False) -> Item:
    """A narrative."""
    return Item(item_id, Kind.LONG_TEXT, title, help=help_text, phrase="what happened", is_required=is_required)


def yes_counts(points: int = 1, *, comment: bool = False) -> ItemScore:
    """Yes earns all, no earns nothing; comment: whether no has to be explained."""
    return ItemScore(points=points, comment_below_top=comment, points_by={"yes": points})
