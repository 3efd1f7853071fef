"""Visits to competitors beside those to a client's own locations: two waves, never added up. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from .drilling import QuestionScore
from .sheets import NOTHING, Figure, Sheet, count, difference, mean, words
from .shops import WaveLine


@dataclass(frozen=True, slots=True)
class Beside:
    """A wave at competitors' and the newest at the client's own, with what each asked."""

    theirs: WaveLine
    own: WaveLine
    asked_there: Sequence[QuestionScore]
    asked_here: Sequence[QuestionScore]

    @property
    def shared(self) -> list[tuple[QuestionScore, QuestionScore]]:
        """Questions that both asked in the same words: there and here, in the order of those asked there."""
        here = {each.title.casefold(): each for each in self.asked_here}
        return [(each, here[each.title.casefold()]) for each in self.asked_there if each.title.casefold() in here]

    @property
    def sheet(self) -> Sheet:
        """The comparison as a table. Scores of whole visits have no difference: they come of other questions."""
        rows = [
            (words("Whole visit"), mean(self.theirs.score, 1), mean(self.own.score, 1), NOTHING),
            *(_row(there, here) for there, here in self.shared),
            (words("Visits"), count(self.theirs.n), count(self.own.n), NOTHING),
        ]
        headings = ("", "Competitors", "Your own", "Yours less theirs")
        return Sheet("Competitors beside your own locations", headings, tuple(rows), self.note)

    @property
    def note(self) -> str:
        """What is compared, and how far that goes."""
        scope = f"{self.theirs.name}, beside {self.own.name}, your newest wave."
        if not self.shared:
            return f"{scope} The two ask nothing in the same words: compare whole visits with care."
        return (
            f"{scope} Question by question where both ask it in the same words; whole visits come of other questions."
        )


def _row(there: QuestionScore, here: QuestionScore) -> tuple[Figure, ...]:
    return words(there.title), mean(there.score, 1), mean(here.score, 1), _by(there, here)


def _by(there: QuestionScore, here: QuestionScore) -> Figure:
    if there.score is None or here.score is None:
        return NOTHING
    return difference(here.score - there.score, 1)
