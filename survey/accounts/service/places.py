"""Finding the node of a client's tree that a viewer is to read from, by what people call it. Role.STAFF."""

from typing import NamedTuple
from uuid import UUID

from survey.db import Scope

from .. import queries
from ..domain import Place

CLIENTS_SHOWN = 500
PLACES_SHOWN = 20


class Found(NamedTuple):
    """What was found: one place, or several to choose from, or neither."""

    place: Place | None = None
    choices: tuple[tuple[str, str], ...] = ()


async def clients(scope: Scope) -> list[tuple[str, str]]:
    """The clients to choose from, as (id, name)."""
    return [(str(row["id"]), row["name"]) for row in await queries.clients_of(scope, CLIENTS_SHOWN)]


async def find_place(scope: Scope, client_id: UUID, words: str, chosen: UUID | None) -> Found:
    """The place that was chosen or called by its code; without words the whole client."""
    if chosen is not None:
        return Found(Place(client_id, chosen))
    if not words:
        root = await queries.root_of(scope, client_id)
        return Found(Place(client_id, root) if root else None)
    rows = await queries.locations_like(scope, client_id, words, PLACES_SHOWN)
    if len(rows) == 1 or (rows and rows[0]["code"].casefold() == words.casefold()):
        return Found(Place(client_id, rows[0]["id"]))
    return Found(None, tuple((str(row["id"]), f"{row['name']} ({row['level']}, {row['code']})") for row in rows))
