"""Privacy traps in the wording of questions: what must never be asked, and what asks for more care."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from privacy.redaction.wordings import IDENTIFYING, NEVER, QUASI, SPECIAL, Wordings

from .definition import TEXT_KINDS, Definition, Item


class Weight(StrEnum):
    """Whether a trap stops the launch or is only pointed out."""

    BLOCK = "block"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Trap:
    """A wording that endangers respondents. `path` is an item id, or empty for the whole."""

    path: str
    message: str
    weight: Weight


MOST_QUASI = 3


def traps(definition: Definition) -> list[Trap]:
    """Every trap in the wording, in reading order, and the combination that could single somebody out."""
    found = [trap for item in definition.items() for trap in item_traps(item)]
    asked = sorted({word for item in definition.items() for word in _matches(QUASI, item)})
    if len(asked) > MOST_QUASI:
        listed = ", ".join(asked)
        message = f"Together, {listed} can point to one person. Leave one out, or ask in wider bands"
        found.append(Trap("", message, Weight.WARNING))
    return found


def item_traps(item: Item) -> list[Trap]:
    """The traps in one question's wording."""
    return [
        *(
            Trap(item.id, f"Never ask for {what} in a survey. Remove this", Weight.BLOCK)
            for what in _matches(NEVER, item)
        ),
        *(_special(item, what) for what in _matches(SPECIAL, item)),
        *(_identifying(item, what) for what in _matches(IDENTIFYING, item)),
        *_open_text(item),
    ]


def _matches(wordings: Wordings, item: Item) -> Iterator[str]:
    """What the question or a row of it asks for; the labels of choices name things of the shop too often to count."""
    texts = [item.title, *(row.label for row in item.rows)]
    yield from (what for pattern, what in wordings if any(pattern.search(text.strip()) for text in texts))


def _special(item: Item, what: str) -> Trap:
    """Special data may be asked only as a choice, optional, with a way to decline and a reason on record."""
    is_careful = item.kind not in TEXT_KINDS and item.is_sensitive and not item.is_required
    if is_careful and item.privacy_reason.strip():
        return Trap(
            item.id, f"Asks about {what}. It is optional and can be declined; your reason is kept", Weight.WARNING
        )
    steps = "offer “Prefer not to say”, make it optional, use choices instead of text and give the reason for asking"
    return Trap(item.id, f"This seems to ask about {what}. Remove it, or {steps}", Weight.BLOCK)


def _identifying(item: Item, what: str) -> Trap:
    advice = f"This seems to ask for {what}. We promise respondents that answers carry no name; remove it if you can"
    return Trap(item.id, advice, Weight.WARNING)


def _open_text(item: Item) -> list[Trap]:
    if item.kind not in TEXT_KINDS or item.help.strip():
        return []
    advice = "Ask people in the help text not to name anybody. Free text never leaves in a release"
    return [Trap(item.id, advice, Weight.WARNING)]
