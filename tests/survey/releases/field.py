"""The sample study in the database as its launch and its respondents leave it, for tests of releases and reports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec

from survey.db import Scope
from survey.questionnaires.domain import Definition, store_visit, to_json
from survey.releases.domain import Place, Reply
from survey.settings import load
from tests.conftest import NOW, TEST_ENVIRONMENT
from tests.survey.releases.fieldwork import chain, named, replies

REGIONS = {"north": ["leeds", "york", "whitby"], "south": ["bath", "hove"]}
# What releases are signed with: the keys of the site under test.
SIGNING = load(TEST_ENVIRONMENT)
ENOUGH = {"leeds": 40, "york": 30, "whitby": 25, "bath": 50, "hove": 20}


@dataclass(frozen=True)
class Study:
    """A study in the field, and the tree of its client by code."""

    id: UUID
    client_id: UUID
    scope: Scope
    places: Mapping[str, Place]


async def new_client(
    superuser: asyncpg.Connection,
    scope: Scope,
    regions: Mapping[str, Sequence[str]] = REGIONS,
    name: str = "Northwind",
) -> tuple[UUID, dict[str, Place]]:
    """A client of the affiliate with a tree of its own."""
    client_id = uuid4()
    places = _own(chain(regions), client_id)
    await superuser.execute(
        "INSERT INTO field.client (id, affiliate_id, name, created_at) VALUES ($1, $2, $3, $4)",
        *(client_id, scope.affiliate_id, name, NOW),
    )
    await superuser.executemany(
        "INSERT INTO field.location (id, affiliate_id, client_id, parent_id, level, code, name, path, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            (
                place.id,
                scope.affiliate_id,
                client_id,
                place.parent_id,
                place.level,
                place.code,
                place.name,
                place.path,
                NOW,
            )
            for place in places.values()
        ],
    )
    return client_id, places


async def study_in_field(
    superuser: asyncpg.Connection,
    scope: Scope,
    client: tuple[UUID, Mapping[str, Place]],
    counts: Mapping[str, int],
    *,
    definition: Definition | None = None,
    seed: int = 1,
    opened_at: datetime = NOW - timedelta(days=20),
) -> Study:
    """A live study that so many people have answered at each location."""
    client_id, places = client
    study = Study(uuid4(), client_id, scope, places)
    await _insert_study(superuser, study, definition or store_visit(), opened_at)
    location_of = {named(code): place.id for code, place in places.items()}
    drawn = [replace(reply, id=uuid4()) for reply in replies(counts, definition, seed)]
    await insert_replies(superuser, study, drawn, location_of)
    return study


async def insert_replies(
    superuser: asyncpg.Connection,
    study: Study,
    drawn: Iterable[Reply],
    location_of: Mapping[UUID, UUID],
    state: str = "finished",
) -> None:
    """Responses with their doors, each with the link that ties it to an invitation."""
    affiliate_id = study.scope.affiliate_id
    rows = [(uuid4(), reply, location_of.get(reply.location_id or UUID(int=0))) for reply in drawn]
    await superuser.executemany(
        "INSERT INTO field.response (id, affiliate_id, study_id, version_id, location_id, demographics, coded, state,"
        " started_on, finished_on)"
        " SELECT $1, $2, $3, version_id, $4, $5, $6, $7, $8, $8 FROM field.study WHERE id = $3",
        [
            (
                reply.id,
                affiliate_id,
                study.id,
                location,
                _json(reply.demographics),
                _json(reply.coded),
                state,
                NOW.date(),
            )
            for _, reply, location in rows
        ],
    )
    await superuser.executemany(
        "INSERT INTO field.entry (id, affiliate_id, study_id, response_id, location_id, state)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        [
            (entry, affiliate_id, study.id, reply.id, location, "finished" if state == "finished" else "started")
            for entry, reply, location in rows
        ],
    )


def _own(places: Sequence[Place], client_id: UUID) -> dict[str, Place]:
    """The same tree with ids of the client's own."""
    own = {place.id: UUID(int=place.id.int ^ client_id.int) for place in places}
    made: dict[str, Place] = {}
    for place in places:
        parent = own[place.parent_id] if place.parent_id else None
        above = next((known.path for known in made.values() if known.id == parent), "/")
        path = f"{above}{own[place.id].hex}/"
        made[place.code] = Place(own[place.id], parent, place.level, place.code, place.name, path)
    return made


async def _insert_study(
    superuser: asyncpg.Connection, study: Study, definition: Definition, opened_at: datetime
) -> None:
    affiliate_id, questionnaire, version = study.scope.affiliate_id, uuid4(), uuid4()
    await superuser.execute(
        "INSERT INTO field.questionnaire (id, affiliate_id, name, created_at, changed_at)"
        " VALUES ($1, $2, 'Visit', $3, $3)",
        *(questionnaire, affiliate_id, NOW),
    )
    await superuser.execute(
        "INSERT INTO field.questionnaire_version"
        " (id, affiliate_id, questionnaire_id, number, definition, frozen_at, created_at)"
        " VALUES ($1, $2, $3, 1, $4, $5, $5)",
        *(version, affiliate_id, questionnaire, to_json(definition), NOW),
    )
    await superuser.execute(
        "INSERT INTO field.study (id, affiliate_id, client_id, version_id, name, title, audience_kind, opens_at,"
        " closes_at, invitation_subject, invitation_body, status, created_at, launched_at)"
        " VALUES ($1, $2, $3, $4, 'Autumn wave', 'Your visit', 'contacts', $5, $6, 's', 'b', 'live', $5, $5)",
        *(study.id, affiliate_id, study.client_id, version, opened_at, opened_at + timedelta(days=30)),
    )


def _json(value: Any) -> str:
    """JSON text, as a connection without our codecs wants it."""
    return msgspec.json.encode(value).decode()
