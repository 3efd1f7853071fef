"""Putting a report's pages together from the release plane."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from survey.db import Keyset, Scope
from survey.reports import queries
from survey.reports.domain import (
    Answers,
    Frame,
    NodeLine,
    Overview,
    Participants,
    Places,
    QuestionLine,
    Questions,
    ReleaseLine,
    Wanted,
    overview,
    participants,
    places,
    questions,
)
from survey.reports.domain.facts import HIDDEN, scored

MOST_IN_PICKER = 24


async def find_frame(scope: Scope, wanted: Wanted) -> Frame | None:
    """The release and place that the URL asks for; None while there is nothing to read for the viewer's own place.

    Raises NotFound for a release, or a place, that is not the viewer's.
    """
    listed = await queries.releases_of(scope, Keyset(limit=MOST_IN_PICKER))
    release = await _release(scope, wanted, listed.rows)
    if release is None:
        return None
    own = await queries.find_place_at(release.id, scope.node_path or "")
    if own is None:
        # A location opened after the release was built is not in it.
        return None
    place = await queries.place_in(scope, release.id, wanted.place_id) if wanted.place_id else own
    above = await queries.places_above(release.id, place)
    return Frame(
        wanted=replace(wanted, release_id=release.id, place_id=place.id),
        release=release,
        place=place,
        above=above,
        beside=await queries.some_places_below(release.id, above[-1]) if above else [],
        below=await queries.some_places_below(release.id, place),
        releases=listed.rows,
        before=await queries.find_release_before(scope, release),
        versus=await _versus(scope, wanted, release, place),
        is_whole=own.level == "hq",
    )


async def overview_of(scope: Scope, frame: Frame) -> Overview:
    """The first page."""
    asked = await queries.questions_of(frame.release.id)
    now, then = await _now_and_then(frame, asked)
    leading = next(iter(scored(asked)), None)
    if leading is None:
        return overview(frame, asked, now, then, [], None)
    trend = await queries.trend_of(scope, frame.release, frame.place, leading)
    standing = await queries.standing_of(frame.release.id, frame.place, leading)
    return overview(frame, asked, now, then, trend, standing)


async def questions_of(frame: Frame) -> Questions:
    """Question by question."""
    asked = await queries.questions_of(frame.release.id)
    now, then = await _now_and_then(frame, asked)
    return questions(frame, asked, now, then)


async def places_of(frame: Frame, keyset: Keyset) -> Places:
    """By location: a page of the places right below."""
    asked = await queries.questions_of(frame.release.id)
    listed = await queries.places_below(frame.release.id, frame.place, keyset)
    nodes = [frame.place.id, *(node.id for node in listed.rows)]
    return places(frame, asked, await queries.answers_of(frame.release.id, nodes), listed)


async def participants_of(frame: Frame) -> Participants:
    """Who took part in the whole study; nothing below the head of the tree."""
    return participants(frame, await queries.demographics_of(frame.release.id, frame.place))


async def _release(scope: Scope, wanted: Wanted, listed: Sequence[ReleaseLine]) -> ReleaseLine | None:
    if wanted.release_id is None:
        return listed[0] if listed else None
    found = next((release for release in listed if release.id == wanted.release_id), None)
    return found or await queries.release_in(scope, wanted.release_id)


async def _versus(scope: Scope, wanted: Wanted, release: ReleaseLine, place: NodeLine) -> NodeLine | None:
    if wanted.versus_id is None or wanted.versus_id == place.id:
        return None
    return await queries.place_in(scope, release.id, wanted.versus_id)


async def _now_and_then(
    frame: Frame, asked: Sequence[QuestionLine]
) -> tuple[Mapping[str, Answers], Mapping[str, Answers]]:
    """Answers by question, here and of what the place is compared with."""
    if frame.versus:
        both = await queries.answers_of(frame.release.id, [frame.place.id, frame.versus.id])
        return _at(both, frame.place.id), _at(both, frame.versus.id)
    now = _at(await queries.answers_of(frame.release.id, [frame.place.id]), frame.place.id)
    if frame.before is None:
        return now, {}
    earlier = {question.id: question for question in await queries.questions_of(frame.before.id)}
    then = _at(await queries.answers_of(frame.before.id, [frame.place.id]), frame.place.id)
    kept = {question.id: _comparable(question, earlier.get(question.id), then) for question in asked}
    return now, {question: answers for question, answers in kept.items() if answers is not None}


def _comparable(question: QuestionLine, before: QuestionLine | None, then: Mapping[str, Answers]) -> Answers | None:
    """Earlier answers as far as they may be compared: nothing, the score of a number in other bands, or all."""
    answers = then.get(question.id, HIDDEN)
    if question.has_same_options(before):
        return answers
    if question.kind in ("number", "money") and question.is_same_as(before):
        return Answers(scores=answers.scores)
    return None


def _at(answers: Mapping[tuple[UUID, str], Answers], place_id: UUID) -> dict[str, Answers]:
    return {question: found for (place, question), found in answers.items() if place == place_id}
