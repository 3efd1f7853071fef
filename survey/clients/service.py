"""Use cases of clients and their trees. Every change is audited in its transaction."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

from privacy.audit import Event, record
from survey.clients import queries
from survey.clients.domain import (
    RANK,
    TRUE_UTC,
    Authorisation,
    BadMove,
    Client,
    Guess,
    ImportPlan,
    Level,
    Location,
    LocationDraft,
    check_parent,
    completed,
    guessed_zone,
    path_below,
    plan_import,
    zoned,
)
from survey.db import Conflict, Keyset, NotFound, Paged, Scope, connection

ROOT_CODE = "HQ"


class Taken(Conflict):
    """A name or code that must be unique is in use."""


async def create_client(scope: Scope, name: str, now: datetime, wanted_id: UUID | None = None) -> UUID:
    """Enter a client with its headquarters; its id, the wanted one where that is free. Raises Taken for its name."""
    client_id = await _free(wanted_id, lambda one: queries.client_in(scope, one))
    if not await queries.insert_client(scope, client_id, name, now):
        raise Taken("there is a client of this name")
    root_id = uuid4()
    root = Location(root_id, client_id, None, Level.HQ, ROOT_CODE, name, path_below("", root_id))
    await queries.insert_locations(scope, client_id, [root], now)
    await _note(scope, "client.create", "client", client_id, now)
    return client_id


async def rename_client(scope: Scope, client_id: UUID, name: str, now: datetime) -> None:
    """Give a client another name. Raises Taken, NotFound."""
    await queries.client_in(scope, client_id)
    if await queries.name_is_taken(scope, name, client_id):
        raise Taken("there is a client of this name")
    await queries.rename_client(scope, client_id, name)
    await _note(scope, "client.rename", "client", client_id, now)


async def set_client_status(scope: Scope, client_id: UUID, status: str, now: datetime) -> None:
    """Archive a client, or bring it back (`active`). Its studies and people stay as they are. Raises NotFound."""
    await queries.client_in(scope, client_id)
    await queries.set_client_status(scope, client_id, status)
    await _note(scope, f"client.{status}", "client", client_id, now)


async def authorise_identified(scope: Scope, client_id: UUID, reference: str, valid_until: date, now: datetime) -> UUID:
    """Record a client's permission for identified studies; its id. Raises NotFound."""
    await queries.client_in(scope, client_id)
    given = Authorisation(uuid4(), reference, valid_until, now)
    await queries.insert_authorisation(scope, client_id, given)
    await _note(scope, "client.authorise-identified", "client", client_id, now, authorisation=str(given.id))
    return given.id


async def client_in(scope: Scope, client_id: UUID) -> Client:
    """A client. Raises NotFound."""
    return await queries.client_in(scope, client_id)


async def client_names(scope: Scope) -> list[tuple[UUID, str]]:
    """What a form offers to choose from."""
    return await queries.client_names(scope)


async def authorisations_of(scope: Scope, client_id: UUID) -> list[Authorisation]:
    """A client's permissions for identified studies, the latest first."""
    return await queries.authorisations_of(scope, client_id)


async def location_in(scope: Scope, location_id: UUID) -> Location:
    """A location. Raises NotFound."""
    return await queries.location_in(scope, location_id)


async def root_of(scope: Scope, client_id: UUID) -> Location:
    """A client's headquarters. Raises NotFound."""
    return await queries.root_of(scope, client_id)


async def usual_zone(scope: Scope) -> str:
    """By which clock an affiliate's staff read what is of no one place: that of most of its places."""
    return await queries.usual_zone(scope)


async def locations_of(scope: Scope, client_id: UUID) -> list[Location]:
    """The whole tree, parents before children: for planning and for choosing a node, never for a list."""
    return await queries.locations_of(scope, client_id)


async def add_location(
    scope: Scope, client_id: UUID, draft: LocationDraft, parent_id: UUID | None, now: datetime,
    wanted_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Enter a location; its id, the wanted one where that is free. Raises BadMove, Taken, NotFound."""
    # Of two presses at once the second waits here, and then meets what the first has made.
    await queries.lock_client(scope, client_id)
    parent = await queries.location_in(scope, parent_id) if parent_id else None
    check_parent(draft.level, _of_client(parent, client_id))
    if await queries.code_is_taken(scope, client_id, draft.code):
        raise Taken("another location has this code")
    location = _placed(draft, client_id, parent, await _free(wanted_id, lambda one: queries.location_in(scope, one)))
    await queries.insert_locations(scope, client_id, [location], now)
    await _note(scope, "location.create", "location", location.id, now)
    return location.id


async def edit_location(
    scope: Scope, location_id: UUID, draft: LocationDraft, parent_id: UUID | None, now: datetime
) -> None:
    """Change a location and, where the parent differs, hang it and its branches elsewhere.

    Raises BadMove, Taken, NotFound.
    """
    place = await queries.location_in(scope, location_id)
    parent = await queries.location_in(scope, parent_id) if parent_id else None
    draft = completed(draft, place, {})
    check_parent(draft.level, _of_client(parent, place.client_id), place)
    await _check_level(scope, place, draft.level)
    if await queries.code_is_taken(scope, place.client_id, draft.code, place.id):
        raise Taken("another location has this code")
    await queries.update_location(scope, place.id, draft)
    if parent is not None and parent.id != place.parent_id:
        await queries.move(scope, place, parent, path_below(parent.path, place.id))
    await _note(scope, "location.change", "location", place.id, now)


async def set_location_status(scope: Scope, location_id: UUID, status: str, now: datetime) -> None:
    """Close a location, for good or for a time, or open it again. Raises NotFound."""
    await queries.location_in(scope, location_id)
    await queries.set_status(scope, location_id, status)
    await _note(scope, f"location.{status}", "location", location_id, now)


async def plan(scope: Scope, client_id: UUID, drafts: Sequence[LocationDraft]) -> ImportPlan:
    """What a list of locations would change: the dry run. Raises NotFound."""
    await queries.client_in(scope, client_id)
    return _planned(await queries.locations_of(scope, client_id), drafts)


async def import_locations(scope: Scope, client_id: UUID, drafts: Sequence[LocationDraft], now: datetime) -> ImportPlan:
    """Carry the plan out: everything sound is taken in, at once or not at all. Raises NotFound."""
    existing = await queries.locations_of(scope, client_id)
    planned = _planned(existing, drafts)
    known = {place.code: place for place in existing}
    root = next(place for place in existing if place.parent_id is None)
    added = []
    for draft in planned.added:
        known[draft.code] = _placed(draft, client_id, known.get(draft.parent_code, root))
        added.append(known[draft.code])
    await queries.insert_locations(scope, client_id, added, now)
    for draft in sorted(planned.changed, key=lambda draft: RANK[draft.level]):
        await _change(scope, draft, known[draft.code], known.get(draft.parent_code, root))
    if not planned.is_empty:
        counts = {"added": len(planned.added), "changed": len(planned.changed)}
        await _note(scope, "location.import", "client", client_id, now, **counts)
    return planned


def _planned(existing: Sequence[Location], drafts: Sequence[LocationDraft]) -> ImportPlan:
    ready = zoned(existing, drafts)
    planned = plan_import(existing, ready.drafts)
    problems = sorted((*planned.problems, *ready.problems), key=lambda problem: problem.row)
    refused = {problem.row for problem in problems}
    guesses = tuple(guess for guess in ready.guesses if guess.row not in refused)
    return replace(planned, problems=tuple(problems), guesses=guesses)


async def without_zone(scope: Scope, client_id: UUID, keyset: Keyset) -> Paged[tuple[Location, Guess]]:
    """One page of stores to which nobody has given a time zone, with what their address says of it.

    Raises NotFound, BadCursor.
    """
    await queries.client_in(scope, client_id)
    page = await queries.without_zone(scope, client_id, keyset)
    return Paged([(place, _guess(place)) for place in page.rows], page.next_cursor)


async def take_guesses(scope: Scope, client_id: UUID, location_ids: Sequence[UUID], now: datetime) -> int:
    """Give the guessed zone to those of some stores that have none and of which there is one; how many.

    Raises NotFound.
    """
    await queries.client_in(scope, client_id)
    places = await queries.still_without_zone(scope, client_id, location_ids)
    given = {place.id: guess.zone for place in places if (guess := _guess(place)).zone}
    await queries.put_zones(scope, given)
    if given:
        await _note(scope, "location.zones", "client", client_id, now, count=len(given))
    return len(given)


async def keep_utc(scope: Scope, client_id: UUID, location_id: UUID, now: datetime) -> None:
    """Say of a store that UTC is its time, so that nobody is asked again. Raises NotFound where it has a zone."""
    if not await queries.still_without_zone(scope, client_id, [location_id]):
        raise NotFound("location without a zone")
    await queries.put_zones(scope, {location_id: TRUE_UTC})
    await _note(scope, "location.utc", "location", location_id, now)


def _guess(place: Location) -> Guess:
    return guessed_zone(place.country, place.region, place.postal_code)


async def _change(scope: Scope, draft: LocationDraft, present: Location, parent: Location) -> None:
    # Read anew: an earlier row of the same list may have moved the branch.
    place = await queries.location_in(scope, present.id)
    await queries.update_location(scope, place.id, draft)
    if place.parent_id is not None and parent.id != place.parent_id:
        above = await queries.location_in(scope, parent.id)
        await queries.move(scope, place, above, path_below(above.path, place.id))


async def _check_level(scope: Scope, place: Location, level: str) -> None:
    below = await queries.highest_below(scope, place)
    if (place.level == Level.HQ) != (level == Level.HQ):
        raise BadMove("The headquarters stays the headquarters; nothing else can become it.")
    if below is not None and RANK[below] <= RANK[level]:
        raise BadMove("What hangs below it would be of the same level or higher.")


def _of_client(parent: Location | None, client_id: UUID) -> Location | None:
    if parent is not None and parent.client_id != client_id:
        raise BadMove("That location belongs to another client.")
    return parent


async def _free(wanted_id: UUID | None, look: Callable[[UUID], Awaitable[object]]) -> UUID:
    """The wanted id, where nothing has it; else another."""
    if wanted_id is None:
        return uuid4()
    try:
        await look(wanted_id)
    except NotFound:
        return wanted_id
    return uuid4()


def _placed(
    draft: LocationDraft, client_id: UUID, parent: Location | None, location_id: UUID | None = None
) -> Location:  # fmt: skip
    location_id = location_id or uuid4()
    place = Location(
        location_id, client_id, parent.id if parent else None, draft.level, draft.code, draft.name,
        path_below(parent.path if parent else "", location_id),
    )  # fmt: skip
    return replace(
        place, street=draft.street, city=draft.city, region=draft.region, postal_code=draft.postal_code,
        country=draft.country, time_zone=draft.time_zone, status=draft.status,
        is_single_staffed=draft.is_single_staffed, latitude=draft.latitude, longitude=draft.longitude,
        opening_hours=draft.opening_hours, is_competitor=draft.is_competitor,
    )  # fmt: skip


async def _note(scope: Scope, action: str, kind: str, object_id: UUID, now: datetime, **detail: str | int) -> None:
    event = Event(scope.affiliate_id, scope.actor_kind, scope.account_id, action, kind, object_id, detail=dict(detail))
    await record(connection(), event, now)
