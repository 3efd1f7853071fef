"""What an act writes to those who have its shops: the same to each, once; and what taking it back needs."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from privacy.vault import KeyRing
from survey.db import Scope

from .. import queries
from ..domain import Action, Before
from . import threads

TERMS = "terms"  # beside the messages of an act that waits: what it was asked for with


async def write_to_holders(
    scope: Scope, ring: KeyRing, holders: Mapping[UUID, UUID], words: str, now: datetime, shown_from: datetime
) -> dict[str, Before]:
    """Write to everybody who has one of the shops: about the shop if it is one, else in general.

    holders: by shop, in the order of the shops. Returns by message its thread as it was: what taking it back needs.
    """
    theirs: dict[UUID, list[UUID]] = defaultdict(list)
    for shop_id, holder in holders.items():
        theirs[holder].append(shop_id)
    about = [(who, which[0] if len(which) == 1 else None) for who, which in theirs.items()]
    sent = await threads.write(scope, ring, about, words, now, shown_from) if about else {}
    return {
        str(message_id): {
            "thread": str(was.id),
            "waiting_since": was.waiting_since.isoformat() if was.waiting_since else None,
            "owner": str(was.owner_id) if was.owner_id else None,
            "last_at": was.last_at.isoformat() if was.last_at else None,
        }
        for message_id, was in sent.items()
    }


def messages_of(action: Action) -> dict[UUID, queries.Opened]:
    """The messages of an act, each with its thread as it was."""
    return {
        UUID(message_id): queries.Opened(
            UUID(str(was["thread"])),
            _moment(was["waiting_since"]),
            UUID(str(was["owner"])) if was.get("owner") else None,
            _moment(was.get("last_at")),
        )
        for message_id, was in action.before.items()
        if message_id != TERMS
    }


async def unsay(scope: Scope, action: Action, messages: Mapping[UUID, queries.Opened]) -> int:
    """Take back messages of an act; how many."""
    return await threads.take_back(scope, messages, action.done_at, action.account_id)


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
