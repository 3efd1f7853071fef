"""Questionnaires in the database: one tenant's alone, changed by one hand at a time, frozen for ever once in use."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from msgspec.structs import replace

from survey.db import Keyset, NotFound, Role, Scope, transaction
from survey.db.errors import BadCursor
from survey.questionnaires import queries, service
from survey.questionnaires.domain import (
    Definition,
    Direction,
    Item,
    Kind,
    ListFilter,
    NotReady,
    Sort,
    UnknownPart,
    Version,
    add_item,
    edit_item,
    item_in,
    move_item,
    remove_item,
    store_visit,
)
from tests.conftest import NOW, World

LATER = NOW + timedelta(hours=1)


def staff(scope: Scope) -> Any:
    return transaction(Role.STAFF, affiliate=scope.affiliate_id)


async def newest(scope: Scope, questionnaire_id: UUID) -> Version:
    async with staff(scope):
        return await queries.latest_version_in(scope, questionnaire_id)


async def test_another_affiliates_questionnaire_is_not_found(world: World, visit_id: UUID) -> None:
    version = await newest(world.alices, visit_id)
    for asked in (
        lambda: queries.latest_version_in(world.charlies, visit_id),
        lambda: service.copy(world.charlies, visit_id, NOW),
        lambda: service.archive(world.charlies, visit_id, NOW),
        lambda: service.arrange(world.charlies, visit_id, lambda definition: definition, NOW),
        lambda: service.freeze(world.charlies, version.id, NOW),
    ):
        async with staff(world.charlies):
            with pytest.raises(NotFound):
                await asked()


async def test_row_level_security_hides_it_even_from_a_statement_without_a_where(world: World, visit_id: UUID) -> None:
    async with staff(world.charlies) as connection:
        assert await connection.fetchval("SELECT count(*) FROM field.questionnaire_version") == 0


async def test_a_new_questionnaire_has_a_section_to_begin_with(world: World) -> None:
    async with staff(world.alices):
        created = await service.create(world.alices, "Blank", Definition("Blank"), NOW)
    assert [section.title for section in (await newest(world.alices, created)).definition.sections] == ["Questions"]


async def test_two_windows_cannot_overwrite_each_other(world: World, visit_id: UUID) -> None:
    opened = await newest(world.alices, visit_id)
    mine = partial(edit_item, item=replace(item_in(opened.definition, "clean"), title="Mine"))
    theirs = partial(edit_item, item=replace(item_in(opened.definition, "clean"), title="Theirs"))
    async with staff(world.alices):
        await service.edit(world.alices, visit_id, opened.revision, theirs, NOW)
    with pytest.raises(service.StaleDraft) as stale:
        async with staff(world.alices):
            await service.edit(world.alices, visit_id, opened.revision, mine, NOW)
    assert item_in(stale.value.version.definition, "clean").title == "Theirs"


async def test_moving_something_needs_no_fresh_page(world: World, visit_id: UUID) -> None:
    async with staff(world.alices):
        await service.arrange(world.alices, visit_id, lambda d: move_item(d, "age", Direction.UP), NOW)
        moved = await service.arrange(world.alices, visit_id, lambda d: move_item(d, "age", Direction.UP), NOW)
    assert [item.id for item in moved.definition.sections[-1].items].index("age") == 2
    assert moved.revision == 3


async def test_a_change_that_changes_nothing_writes_nothing(world: World, visit_id: UUID) -> None:
    async with staff(world.alices):
        same = await service.arrange(world.alices, visit_id, lambda d: move_item(d, "visit_date", Direction.UP), LATER)
    assert same.revision == 1


async def test_a_questionnaire_with_problems_is_not_frozen(world: World, visit_id: UUID) -> None:
    async with staff(world.alices):
        await service.arrange(world.alices, visit_id, lambda d: remove_item(d, "found_all"), NOW)
        version = await queries.latest_version_in(world.alices, visit_id)
        with pytest.raises(NotReady) as refused:
            await service.freeze(world.alices, version.id, NOW)
    assert [problem.path for problem in refused.value.problems] == ["missing"]


async def test_a_frozen_version_never_changes_and_the_next_change_begins_version_two(
    world: World, visit_id: UUID
) -> None:
    async with staff(world.alices):
        first = await service.freeze(world.alices, (await queries.latest_version_in(world.alices, visit_id)).id, NOW)
        second = await service.arrange(world.alices, visit_id, lambda d: remove_item(d, "wait"), LATER)
        again = await service.version_in(world.alices, first.id)
    assert (again.definition, again.frozen_at) == (store_visit(), NOW)
    assert (second.number, second.is_frozen, "wait" in {item.id for item in second.definition.items()}) == (
        2,
        False,
        False,
    )


async def test_freezing_twice_changes_nothing(world: World, visit_id: UUID) -> None:
    version = await newest(world.alices, visit_id)
    async with staff(world.alices):
        first = await service.freeze(world.alices, version.id, NOW)
        assert await service.freeze(world.alices, version.id, LATER) == first


async def test_what_was_removed_is_forgotten_when_the_version_is_frozen(world: World, visit_id: UUID) -> None:
    async with staff(world.alices):
        draft = await service.arrange(world.alices, visit_id, lambda d: remove_item(d, "wait"), NOW)
        frozen = await service.freeze(world.alices, draft.id, NOW)
    assert (len(draft.definition.removed), frozen.definition.removed) == (1, ())


async def test_there_is_never_a_second_draft_of_one_questionnaire(world: World, visit_id: UUID) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        async with staff(world.alices):
            await queries.insert_version(world.alices, visit_id, (2, 2), store_visit(), NOW)


async def test_an_operation_on_a_part_that_is_gone_writes_nothing(world: World, visit_id: UUID) -> None:
    with pytest.raises(UnknownPart):
        async with staff(world.alices):
            await service.arrange(world.alices, visit_id, lambda d: remove_item(d, "ghost"), NOW)
    assert (await newest(world.alices, visit_id)).revision == 1


async def test_a_copy_is_a_questionnaire_of_its_own(world: World, visit_id: UUID) -> None:
    async with staff(world.alices):
        copied = await service.copy(world.alices, visit_id, LATER)
        await service.arrange(world.alices, copied, lambda d: remove_item(d, "wait"), LATER)
        original = await queries.latest_version_in(world.alices, visit_id)
        assert (await queries.latest_version_in(world.alices, copied)).name == "Store visit (copy)"
    assert original.definition == store_visit()


async def test_each_change_leaves_an_audit_event_without_any_words_of_the_questions(
    world: World, visit_id: UUID, superuser: asyncpg.Connection
) -> None:
    async with staff(world.alices):
        await service.arrange(
            world.alices, visit_id, lambda d: add_item(d, "visit", Item("", Kind.TEXT, "Canary question")), NOW
        )
        await service.rename(world.alices, visit_id, "Canary name", NOW)
        await service.archive(world.alices, visit_id, NOW)
    rows = await superuser.fetch("SELECT action, detail::text FROM ledger.event WHERE object_id = $1", visit_id)
    assert sorted(row["action"] for row in rows) == [
        "questionnaire.archive",
        "questionnaire.change",
        "questionnaire.create",
        "questionnaire.rename",
    ]
    assert not any("anary" in row["detail"] for row in rows)


async def test_the_list_shows_what_is_asked_for_in_the_order_asked_for(world: World, visit_id: UUID) -> None:
    async with staff(world.alices):
        b = await service.create(world.alices, "B side", Definition("B"), LATER)
        gone = await service.create(world.alices, "Old", Definition("O"), NOW)
        await service.archive(world.alices, gone, NOW)
        by_change = await queries.questionnaires_of(world.alices, ListFilter(), Keyset())
        by_name = await queries.questionnaires_of(world.alices, ListFilter(words="STORE"), Keyset())
        archived = await queries.questionnaires_of(world.alices, ListFilter(is_archived=True), Keyset())
    assert [row.id for row in by_change.rows] == [b, visit_id]
    assert [(row.id, row.questions, row.number) for row in by_name.rows] == [(visit_id, 20, 1)]
    assert [row.id for row in archived.rows] == [gone]


@pytest.mark.parametrize("sort", Sort)
async def test_the_list_is_paged_without_gaps_or_repeats_in_every_order(world: World, sort: Sort) -> None:
    async with staff(world.alices):
        made = [await service.create(world.alices, f"Q {n % 3}", Definition("Q"), NOW) for n in range(7)]
        seen: list[UUID] = []
        keyset = Keyset(limit=3)
        while True:
            page = await queries.questionnaires_of(world.alices, ListFilter(sort=sort), keyset)
            seen += [row.id for row in page.rows]
            if page.next_cursor is None:
                break
            keyset = Keyset.read(page.next_cursor, 3)
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize("after", [("x",), ("x", "y"), (1, str(uuid4())), ("2026-01-01", "no")])
async def test_a_cursor_of_another_list_is_refused(world: World, after: tuple[Any, ...]) -> None:
    async with staff(world.alices):
        with pytest.raises(BadCursor):
            await queries.questionnaires_of(world.alices, ListFilter(), Keyset(after))


async def test_a_study_may_choose_the_newest_version_of_what_is_not_put_away(world: World, visit_id: UUID) -> None:
    async with staff(world.alices):
        version = await queries.latest_version_in(world.alices, visit_id)
        gone = await service.create(world.alices, "Old", Definition("O"), NOW)
        await service.archive(world.alices, gone, NOW)
        usable = await service.usable_versions(world.alices)
    assert [(line.version_id, line.is_frozen, line.questions) for line in usable] == [(version.id, False, 20)]
