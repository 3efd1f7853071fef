"""How an area declares its messages: `@composer` in its emails.py, gathered by the worker."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType, ModuleType

from asyncpg import Connection

from survey.settings import Settings

from .domain import Claimed, Outgoing, Withheld


class Audience(StrEnum):
    """Who gets a message. All mail carries the way out; mail to people names it to their mail program in any case."""

    PEOPLE = "people"  # contacts and panelists
    ACCOUNTS = "accounts"  # those who work with the product


@dataclass(frozen=True, slots=True)
class Composing:
    """What a composer is given: a transaction as the worker, for one affiliate, and the settings."""

    connection: Connection
    settings: Settings
    now: datetime


Compose = Callable[[Composing, Sequence[Claimed]], Awaitable[Sequence[Outgoing | Withheld]]]
OnBounce = Callable[[Composing, Sequence[Claimed]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Composer:
    """A declared kind of message. about: what it is, in words that whoever checks a message reads ("It is ...").

    on_bounce: told, in the same transaction, of rows whose address does not exist.
    """

    kind: str
    to: Audience
    about: str
    compose: Compose
    on_bounce: OnBounce | None = None

    async def __call__(self, composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
        """Compose here and now."""
        return await self.compose(composing, rows)


class DeclaredTwice(ValueError):
    """Two composers for one kind of message."""


def composer(
    *kinds: str, to: Audience, about: str, on_bounce: OnBounce | None = None
) -> Callable[[Compose], "Composers"]:
    """Declare `async def compose(composing, rows)` as what writes these kinds of message.

    It gets rows of one kind and one affiliate at a time and answers with an Outgoing for each, or a Withheld that says
    why there is none. Letters are compiled once by value, so give every recipient's own words as `values`.
    about: "an invitation to answer a survey"; it says the kind, never what of a person stands in the message.
    """

    def declared(compose: Compose) -> Composers:
        return Composers(tuple(Composer(kind, to, about, compose, on_bounce) for kind in kinds))

    return declared


@dataclass(frozen=True, slots=True)
class Composers:
    """One function that writes several kinds of message."""

    each: tuple[Composer, ...]

    async def __call__(self, composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
        """Compose here and now."""
        return await self.each[0].compose(composing, rows)


def composers_of(modules: Iterable[ModuleType]) -> Mapping[str, Composer]:
    """Every composer that the modules declare, by kind. Raises DeclaredTwice."""
    found: dict[str, Composer] = {}
    for module in modules:
        for declared in vars(module).values():
            for one in declared.each if isinstance(declared, Composers) else ():
                if found.setdefault(one.kind, one) != one:
                    raise DeclaredTwice(f"{one.kind} is declared twice")
    return MappingProxyType(found)
