"""Closing a study and letting its numbers leave."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from privacy import audit, disclosures
from privacy.crypto import random_id
from privacy.inventory import Category
from survey import queue
from survey.db import Conflict, Role, Scope, connection, transaction
from survey.releases import queries
from survey.releases.domain import (
    Closable,
    Fieldwork,
    Outlook,
    Release,
    Unreleasable,
    are_answers_over,
    build,
    is_as_sealed,
    outlook,
)
from survey.releases.domain.signing import Kind, Subject
from survey.settings import Settings

from .signing import sign_leaving


class NotAsBuilt(Exception):
    """What was written is not what was built. Nothing is kept of it."""


async def outlook_in(scope: Scope, study: Closable) -> Outlook:
    """What closing now would publish and hide."""
    places = await queries.places_in(scope, study.client_id)
    return outlook(places, await queries.finished_by_location(scope, study.id))


async def close_study(scope: Scope, study_id: UUID, now: datetime) -> None:
    """Close the study, cut what ties people to answers, stop what was still to be sent, and ask for the release.

    Closing a closed study again changes nothing, but asks for a release that is missing. Raises NotFound, or Conflict
    for a draft.
    """
    study = await queries.study_in(scope, study_id)
    if study.status == "draft":
        raise Conflict("this study has not been launched, so there is nothing to close")
    if await queries.close(scope, study_id, now):
        links, doors = await queries.cut_links(scope, study_id)
        await queries.cancel_deliveries(scope, study_id)
        await _record(scope, "study.closed", study_id, now, {"links_cut": links, "doors_removed": doors})
    if await queries.find_release(scope, study_id) is None:
        payload = {"affiliate_id": scope.affiliate_id, "study_id": study_id}
        await queue.enqueue(connection(), "releases.discard_drafts", payload, unique=str(study_id))
        await queue.enqueue(connection(), "releases.build", payload, unique=str(study_id))


async def close_due_studies(now: datetime) -> None:
    """Close the studies whose closing time has passed, each in a transaction of its own as its affiliate's staff."""
    async with transaction(Role.WORKER):
        due = await queries.due_to_close(now)
    for affiliate_id, study_id in due:
        async with transaction(Role.STAFF, affiliate=affiliate_id):
            await close_study(Scope(affiliate_id, actor_kind="system"), study_id, now)


async def discard_drafts(affiliate_id: UUID, study_id: UUID, now: datetime) -> None:
    """Remove the unsent answers of a closed study, with their texts and their keys."""
    async with transaction(Role.WORKER, affiliate=affiliate_id):
        discarded = await queries.discard_drafts(affiliate_id, study_id)
        if discarded:
            system = Scope(affiliate_id, actor_kind="system")
            await _record(system, "study.drafts_discarded", study_id, now, {"drafts": discarded})


async def build_release(settings: Settings, affiliate_id: UUID, study_id: UUID, now: datetime) -> UUID | None:
    """Build the closed study's release and return its id; the one it has already, if it has one.

    Everything is written in one transaction, so that a builder that dies leaves nothing. None if the study is not
    closed. Raises Unreleasable or Unsafe where nothing may leave.
    """
    async with transaction(Role.RELEASER, affiliate=affiliate_id):
        fieldwork = await queries.find_study_to_build(affiliate_id, study_id)
        if fieldwork is None:
            return None
        found = await queries.find_release_of(affiliate_id, study_id)
        if found is not None:
            return found
        if are_answers_over(fieldwork.closed_on, now.date()):
            raise Unreleasable("the answers of this study are over their time, and nothing is counted from a rest")
        replies = await queries.finished_replies(affiliate_id, study_id)
        # Counting takes a second or more for a large study; mail and other jobs go on meanwhile.
        release = await asyncio.to_thread(build, fieldwork, replies)
        return await _let_leave(settings, fieldwork, release, now)


async def is_intact(affiliate_id: UUID, study_id: UUID) -> bool | None:
    """Whether the study's release is stored as it was sealed, every number of it; None without a release."""
    async with transaction(Role.RELEASER, affiliate=affiliate_id):
        found = await queries.find_release_of(affiliate_id, study_id)
        return await _is_as_sealed(found) if found else None


async def _let_leave(settings: Settings, fieldwork: Fieldwork, release: Release, now: datetime) -> UUID:
    release_id = random_id()
    await queries.insert_release(release_id, fieldwork, release, now)
    if not await _is_as_sealed(release_id):
        raise NotAsBuilt
    await queries.mark_released(fieldwork.affiliate_id, fieldwork.study_id)
    categories = (Category.ANSWERS, Category.DEMOGRAPHICS)
    left = disclosures.Disclosure(
        fieldwork.affiliate_id, fieldwork.client_id, "release", release_id, categories, release.digest
    )
    await disclosures.record(connection(), left, now)
    subject = Subject(Kind.RELEASE, release_id, fieldwork.client_id, release.digest)
    await sign_leaving(settings, fieldwork.affiliate_id, subject, now)
    builder = Scope(fieldwork.affiliate_id, actor_kind="system")
    await _record(builder, "study.released", fieldwork.study_id, now, dict(release.manifest["hidden"]))
    return release_id


async def _is_as_sealed(release_id: UUID) -> bool:
    manifest, digest = await queries.seal_of(release_id)
    return is_as_sealed(manifest, digest, *await queries.stored_rows(release_id))


async def _record(scope: Scope, action: str, study_id: UUID, now: datetime, detail: Mapping[str, int]) -> None:
    event = audit.Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "study", study_id, detail=detail
    )
    await audit.record(connection(), event, now)
