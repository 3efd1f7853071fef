"""What the writer of a report is told of what a look through their words finds: question by question. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from privacy.redaction import Finding, Kind
from survey.questionnaires.domain import Compiled, field_of

from .report import WORDS, Outcome, Report, comment_field

_LEADS = "Take it out: it leads to a person, and we do not keep it in a report."
_ROLE = "Write what the person does there instead, like “the cashier”."
# What was found, and what to do about it.
_ADVICE: Mapping[Kind, tuple[str, str]] = {
    Kind.CARD: ("reads like a card number", "Take it out: such numbers are kept nowhere."),
    Kind.SOCIAL_SECURITY: ("reads like a social security number", "Take it out: such numbers are kept nowhere."),
    Kind.BANK_ACCOUNT: ("reads like a bank account number", "Take it out: such numbers are kept nowhere."),
    Kind.EMAIL: ("is an e-mail address", _LEADS),
    Kind.TELEPHONE: ("reads like a telephone number", _LEADS),
    Kind.ENDING: (
        "reads like the end of a card or account number",
        "Take it out, unless it counts something else, like an order or a table: then leave it.",
    ),
    Kind.PLATE: (
        "reads like a number plate",
        "Say which car it was in other words, like “a blue van”. If it is something else, leave it.",
    ),
    Kind.HANDLE: (
        "reads like a name on a social network",
        "Take it out. If it is the company’s own page, leave it.",
    ),
    Kind.AUTHOR: ("is your own name", "Take it out: nobody who reads the report is to know who you are."),
    Kind.NAME: ("reads like a person’s name", f"{_ROLE} If it is the name of a thing or a place, leave it."),
    Kind.TIME: (
        "is a time of day",
        "The client is not told it so finely: say what came before and after it. If it is something else, leave it.",
    ),
    Kind.PERHAPS: ("might be a name", f"If it is a person’s: {_ROLE[0].lower()}{_ROLE[1:]} If it is not, leave it."),
}
_NAMED = (
    "You may leave the name of somebody who works there: this campaign keeps it, apart from your words. Take out"
    " anybody else’s."
)
_PERSONS = frozenset({Kind.NAME, Kind.PERHAPS})
THE_VISIT = "What you found"


@dataclass(frozen=True, slots=True)
class Find:
    """Words of a report that say who somebody is, or may: what they are, and what their writer can do about it."""

    words: str = field(repr=False)
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one text. place: the rest of the address that leads to it; title: the question."""

    place: str
    title: str
    finds: Sequence[Find]


def finds_in(
    report: Report, compiled: Compiled, texts: Mapping[str, str], found: Mapping[str, Sequence[Finding]], mode: str
) -> list[Found]:
    """What was found in a report's texts, in the order of its pages. mode: what the campaign lets it say of people."""
    return [
        Found(place, title, _each_once(texts[name], found[name], mode))
        for name, place, title in _places(report, compiled)
        if found.get(name)
    ]


def _places(report: Report, compiled: Compiled) -> Iterator[tuple[str, str, str]]:
    """The fields that the writer can come to, each with its place and its title."""
    if report.outcome is not Outcome.DONE:
        yield WORDS, "closed#words", THE_VISIT
        return
    for section in compiled.sections:
        for entry in section.items:
            item, page = entry.item, f"{section.index + 1}?check"
            yield item.id, f"{page}#{item.id}", f"“{item.title}”"
            other, comment = field_of(item.id, "other"), comment_field(item.id)
            yield other, f"{page}#{other}", f"“{item.title}”, other"
            yield comment, f"{page}#{comment}", f"“{item.title}”, why"


def _each_once(text: str, found: Sequence[Finding], mode: str) -> list[Find]:
    once: dict[str, Kind] = {}
    for each in found:
        once.setdefault(text[each.start : each.end], each.kind)
    return [Find(words, *_told(kind, mode)) for words, kind in once.items()]


def _told(kind: Kind, mode: str) -> tuple[str, str]:
    what, advice = _ADVICE[kind]
    return what, _NAMED if mode == "name" and kind in _PERSONS else advice
