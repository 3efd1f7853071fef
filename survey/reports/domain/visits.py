"""What the visits of a wave add up to, and how that is written down. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from privacy.anonymity.protection import FLOOR

from .drilling import PlaceScore, QuestionScore, places_sheet, questions_sheet
from .sheets import NOTHING, Figure, Sheet, count, difference, few, mean, words
from .shops import BINS, WaveLine

NONE = Decimal(0)
FEW_VISITS = 5  # fewer than that are called few


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section of the questionnaire: mean score now and in the wave before."""

    title: str
    score: Decimal
    before: Decimal | None


@dataclass(frozen=True, slots=True)
class StoreLine:
    """A location with the mean of its reports in the wave. report_ref: one of them, the only one where n is 1."""

    id: UUID
    report_ref: UUID
    name: str
    code: str
    score: Decimal
    n: int
    failed: int


@dataclass(frozen=True, slots=True)
class MakerLine:
    """How many people gave a band of themselves, rounded to five. band: empty for all; people: None where hidden."""

    question: str
    band: str
    people: int | None


@dataclass(frozen=True, slots=True)
class ShopOverview:
    """What the reports of a wave below a place add up to."""

    wave: WaveLine
    before: WaveLine | None
    failed: int
    trend: Sequence[WaveLine]
    sections: Sequence[SectionLine]
    best: Sequence[StoreLine]
    weakest: Sequence[StoreLine]
    stores: int
    bins: Sequence[int]
    places: Sequence[PlaceScore] = ()
    questions: Sequence[QuestionScore] = ()
    makers: Sequence[MakerLine] = ()
    begun: Sequence[WaveLine] = ()  # newer waves, none asked for, of which few visits are released so far

    @property
    def delta(self) -> Figure | None:
        """The change since the wave before."""
        if self.before is None or self.before.score is None or self.wave.score is None:
            return None
        return difference(self.wave.score - self.before.score, 1)

    @property
    def summary(self) -> list[str]:
        """What a manager should know first, in whole sentences."""
        told = [_since(self.wave, self.before)] if self.wave.score is not None else []
        falling = [each for each in self.places if each.change is not None and each.change < 0]
        if falling and len(self.places) > 1:
            furthest = min(falling, key=lambda each: each.change or NONE)
            told.append(f"{furthest.name} fell furthest, by {mean(abs(furthest.change or NONE), 1).text} points.")
        scored = [each for each in self.questions if each.score is not None]
        if scored:
            least = min(scored, key=lambda each: each.score or NONE)
            told.append(f"“{least.title}” earned least: {mean(least.score, 0).text} of 100 points.")
        if self.wave.n < FEW_VISITS:
            told.append("So few visits show moments, not how things are as a rule.")
        return told

    @property
    def ranked(self) -> Sequence[Sheet]:
        """The locations with the highest scores, and those with the lowest."""
        return [_ranking(title, rows) for title, rows in self.rankings]

    @property
    def rankings(self) -> Sequence[tuple[str, Sequence[StoreLine]]]:
        """The same before they are written down."""
        return (("Highest", self.best), ("Lowest", self.weakest)) if self.weakest else (("Locations", self.best),)

    @property
    def labels(self) -> list[str]:
        """The bins of the distribution."""
        return [f"{10 * at}–{10 * at + (10 if at == BINS - 1 else 9)}" for at in range(BINS)]

    @property
    def maker_sheets(self) -> tuple[Sheet, ...]:
        """Who made the visits: a table for each question; bands one by one, never crossed."""
        return tuple(
            Sheet(
                question,
                ("Who made the visits", "People"),
                tuple((words(line.band or "All"), _people(line.people)) for line in lines),
            )
            for question, lines in groupby(self.makers, key=lambda line: line.question)
        )

    @property
    def files(self) -> tuple[Sheet, ...]:
        """What a file of the page holds."""
        return (*self.sheets, *self.maker_sheets)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The tables of the page about visits, in their order."""
        before = mean(self.before.score, 1) if self.before else NOTHING
        top = (
            (words("Score"), mean(self.wave.score, 1)),
            (words("Score of the wave before"), before),
            (words("Visits"), count(self.wave.n)),
            (words("Failed visits"), count(self.failed)),
        )
        return (
            Sheet(self.wave.name, ("", ""), top),
            trend_sheet(self.trend),
            Sheet(
                "Score by section",
                ("Section", "Score", "Before"),
                tuple((words(each.title), mean(each.score, 1), mean(each.before, 1)) for each in self.sections),
            ),
            *((places_sheet(self.places),) if self.places else ()),
            questions_sheet(self.questions),
            *self.ranked,
            Sheet(
                "Visits by score",
                ("Score", "Visits"),
                tuple((words(label), count(n)) for label, n in zip(self.labels, self.bins, strict=True)),
            ),
        )


def _since(wave: WaveLine, before: WaveLine | None) -> str:
    score = mean(wave.score, 1)
    if before is None or before.score is None or wave.score is None:
        return f"The score is {score.text}."
    # The difference of what is written, so that whoever checks it comes to the same.
    change = (score.number or NONE) - (mean(before.score, 1).number or NONE)
    if not change:
        return f"The score is {score.text}, as in {before.label}."
    how = "higher" if change > 0 else "lower"
    return f"The score is {score.text}: {mean(abs(change), 1).text} points {how} than in {before.label}."


def _people(number: int | None) -> Figure:
    return few(FLOOR) if number is None else count(number)


def trend_sheet(trend: Sequence[WaveLine]) -> Sheet:
    """Score by wave, the oldest first."""
    rows = tuple((words(each.label), mean(each.score, 1), count(each.n)) for each in trend)
    return Sheet("Score by wave", ("Wave", "Score", "Visits"), rows)


def _ranking(title: str, rows: Sequence[StoreLine]) -> Sheet:
    lines = tuple(
        (words(f"{row.name} ({row.code})"), mean(row.score, 1), count(row.n), count(row.failed)) for row in rows
    )
    return Sheet(title, ("Location", "Score", "Visits", "Failed"), lines)
