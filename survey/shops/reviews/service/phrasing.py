"""The library of phrases: adding, changing and retiring them, and putting one into what somebody writes."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from privacy.crypto import random_id
from survey.db import Keyset, Paged, Scope, connection

from .. import queries
from ..domain import Phrase, PhraseDraft, put_in


async def add_phrase(scope: Scope, draft: PhraseDraft, now: datetime) -> UUID:
    """Add a phrase; its id. Raises NameTaken."""
    phrase_id = random_id()
    await queries.insert_phrase(scope, phrase_id, draft, now)
    await _note(scope, "add", phrase_id, now)
    return phrase_id


async def change_phrase(scope: Scope, phrase_id: UUID, draft: PhraseDraft, now: datetime) -> None:
    """Change a phrase; what was put in before stays as it was. Raises NotFound, NameTaken."""
    await queries.phrase_in(scope, phrase_id)
    await queries.write_phrase(scope, phrase_id, draft, now)
    await _note(scope, "change", phrase_id, now)


async def retire_phrase(scope: Scope, phrase_id: UUID, now: datetime) -> None:
    """Let nobody choose a phrase any more; twice is once. Raises NotFound."""
    await queries.phrase_in(scope, phrase_id)
    if await queries.retire_phrase(scope, phrase_id, now):
        await _note(scope, "retire", phrase_id, now)


async def phrase_in(scope: Scope, phrase_id: UUID) -> Phrase:
    """One phrase. Raises NotFound."""
    return await queries.phrase_in(scope, phrase_id)


async def phrases_for(scope: Scope, kind: str) -> list[Phrase]:
    """What can be put in, the most used first. kind: a code of PHRASE_KINDS."""
    return await queries.phrases_for(scope, kind)


async def phrases_of(scope: Scope, wanted: tuple[str, str, bool], keyset: Keyset) -> Paged[Phrase]:
    """A page of the library. wanted: kind or empty, words, whether retired."""
    return await queries.phrases_of(scope, wanted, keyset)


async def with_phrase(scope: Scope, typed: str, phrase_id: UUID | None, kind: str) -> str:
    """What was typed, with a phrase below it, which is counted; without one that can be chosen, what was typed."""
    text = await queries.use_phrase(scope, phrase_id, kind) if phrase_id else None
    return put_in(typed, text) if text else typed


async def _note(scope: Scope, action: str, phrase_id: UUID, now: datetime) -> None:
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    await record(connection(), Event(*actor, f"phrase.{action}", "phrase", phrase_id), now)
