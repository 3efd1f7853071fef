"""The last look before a report is handed in: everything that is missing, with the way to it. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from survey.questionnaires.domain import Compiled, Item, unanswered, visibility
from survey.shops.campaigns.domain import answer_words, comment_words, crossed, score

from .held import Held
from .report import WORDS, Outcome, Report, comment_field, too_few
from .times import Times, time_errors

PROOF_KINDS = {"receipt": "Receipt", "photo": "Picture of the place or product", "card": "Business card"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is missing. place: the rest of the address that leads to it."""

    place: str
    text: str


class NotReady(Exception):
    """The report cannot be handed in yet."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(f"{len(found)} things are missing")
        self.problems = found


@dataclass(frozen=True, slots=True)
class Ready:
    """All that the last look needs: the shop, its report, the questionnaire, and the kinds of pictures in the tray.

    texts: the report's words by field, opened.
    """

    held: Held
    report: Report
    compiled: Compiled
    kinds: Collection[str]
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)


def problems(given: Ready, now: datetime) -> list[Problem]:
    """What keeps a report from being handed in, in the order of its pages; empty when nothing does."""
    if given.report.outcome is not Outcome.DONE:
        return list(_of_attempt(given))
    found = [*_of_questions(given), *_of_comments(given), *_of_words(given), *_of_waits(given)]
    times = Times(given.report.time_in, given.report.time_out)
    found += [Problem(f"visit#{name}", text) for name, text in time_errors(given.held, times, now).items()]
    return [*found, *_of_proof(given)]


def _of_questions(given: Ready) -> Iterator[Problem]:
    for missing in unanswered(given.compiled, given.report.coded, given.report.texts.keys()):
        item, row = missing.item, missing.row
        name = f"{item.id}-{row.code}" if row else item.id
        asked = f"“{item.title}”, {row.label}" if row else f"“{item.title}”"
        yield Problem(f"{missing.section + 1}?missing#{name}", f"{asked}: not answered yet")


def _of_comments(given: Ready) -> Iterator[Problem]:
    """Answers below the top ask why, where the campaign says so."""
    wanted = score(given.held.scoring, given.compiled.definition, given.report.coded).comments
    for number, item in _shown(given):
        name = comment_field(item.id)
        if item.id not in wanted:
            continue
        if name not in given.texts:
            yield Problem(f"{number}#{name}", f"“{item.title}”: say why you answered so")
        elif few := too_few(given.texts[name], comment_words(given.held.scoring, item) or 0):
            yield Problem(f"{number}#{name}", f"“{item.title}”, why: {_lowered(few)}")


def _of_words(given: Ready) -> Iterator[Problem]:
    """Answers in words that are too short; one that may be left out may be left out."""
    for number, item in _shown(given):
        few = too_few(given.texts.get(item.id, ""), answer_words(given.held.scoring, item))
        if few and item.id in given.texts:
            yield Problem(f"{number}#{item.id}", f"“{item.title}”: {_lowered(few)}")


def _of_waits(given: Ready) -> Iterator[Problem]:
    pairs = {end: start for start, end in crossed(given.held.scoring, given.report.coded)}
    titles = {item.id: item.title for item in given.compiled.definition.items()}
    for number, item in _shown(given):
        if item.id in pairs:
            text = f"“{item.title}” comes before “{titles[pairs[item.id]]}”: check both"
            yield Problem(f"{number}#{item.id}", text)


def _shown(given: Ready) -> Iterator[tuple[int, Item]]:
    """The questions that show, with the number of their section, from 1."""
    shown = visibility(given.compiled, given.report.coded).items
    for section in given.compiled.sections:
        yield from ((section.index + 1, entry.item) for entry in section.items if entry.item.id in shown)


def _lowered(text: str) -> str:
    return text[0].lower() + text[1:]


def _of_proof(given: Ready) -> Iterator[Problem]:
    if given.held.is_place and not given.kinds:
        yield Problem("evidence", "Add a picture that shows you were there: the receipt, the place or a business card")
    elif given.report.receipt_cents and "receipt" not in given.kinds:
        yield Problem("evidence", "Add a picture of the receipt, or leave its amount empty")


def _of_attempt(given: Ready) -> Iterator[Problem]:
    if given.report.time_in is None:
        yield Problem("closed#time_in", "Enter when you were there")
    if WORDS not in given.report.texts:
        yield Problem("closed#words", "Say what you found")
    if given.held.is_place and given.report.outcome is Outcome.CLOSED and not given.kinds:
        yield Problem("closed#picture", "Add a picture of what you found there")
    if given.report.receipt_cents and "receipt" not in given.kinds:
        yield Problem("closed#proof", "Add a picture of the receipt, or leave its amount empty")
