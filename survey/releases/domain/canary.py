"""The last look at a snapshot before it leaves: nothing that says who made the visit may be in it. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from privacy.redaction import bare, read_plainly

SHORTEST_NAME = 3
SHORTEST_NUMBER = 7
_NOT_DIGITS = re.compile(r"\D+")


class Revealing(Exception):
    """The snapshot would tell who made the visit; it does not leave. `kinds`: what was found, never the words."""

    def __init__(self, kinds: Sequence[str]) -> None:
        super().__init__(f"the report would tell who made the visit: {', '.join(kinds)}")
        self.kinds = tuple(kinds)


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made a visit, opened for the scan alone."""

    id: UUID
    code: str
    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)
    street: str = field(repr=False)


def check(content: object, typed: Iterable[str], maker: Maker | None, ids: Mapping[str, UUID | str]) -> None:
    """Raises Revealing where the snapshot holds who made the visit, or an id that leads there.

    content: all that leaves; typed: what of it somebody wrote, where a first name alone counts; ids: kind -> id.
    """
    texts = [_plain(text) for text in _texts(content)]
    found = [kind for kind, each in ids.items() if _is_in(texts, _spellings(each))]
    if maker is not None:
        found += _of_maker(texts, [_plain(text) for text in typed], maker)
    if found:
        raise Revealing(sorted(set(found)))


def _of_maker(texts: Sequence[str], typed: Sequence[str], maker: Maker) -> Iterator[str]:
    whole = {"name": maker.name, "e-mail": maker.email, "code": maker.code, "street": maker.street}
    for kind, words in whole.items():
        plain = _plain(words).strip()
        if plain and _is_in(texts, [plain]):
            yield kind
    for part in _plain(maker.name).split():
        if len(part) >= SHORTEST_NAME and any(re.search(rf"\b{re.escape(part)}\b", text) for text in typed):
            yield "name"
    number = _NOT_DIGITS.sub("", maker.phone)[-SHORTEST_NUMBER:]
    if len(number) == SHORTEST_NUMBER and any(number in _NOT_DIGITS.sub("", text) for text in texts):
        yield "telephone"
    if _is_in(texts, _spellings(maker.id)):
        yield "shopper"


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, Mapping):
        for key, value in content.items():
            yield str(key)
            yield from _texts(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _texts(value)
    elif content is not None:
        yield str(content)


def _plain(text: str) -> str:
    """As people read it: a letter without its accent, or with a sign in it that nobody sees, tells the same name."""
    return bare(read_plainly(text).text.casefold())


def _spellings(given: Any) -> list[str]:
    return [str(given), given.hex] if isinstance(given, UUID) else [str(given).casefold()]


def _is_in(texts: Sequence[str], words: Iterable[str]) -> bool:
    return any(word in text for word in words for text in texts)
