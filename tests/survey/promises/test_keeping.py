"""A declared time that nothing has kept to is found out, whatever it is of."""

import pytest

from survey.promises.checks import keeping
from tests.demo_world import Played

from .test_checks import broken, look

# What is made too old, by its column; the demonstration's studies are over by then.
LATE = {
    "sent messages": (
        "ops.delivery", "created_at", "interval '733 days'",
        "state = 'sent' AND campaign_id NOT IN (SELECT id FROM field.study WHERE status IN ('live', 'paused'))",
    ),
    "contacts": (
        "identity.contact", "named_on", "interval '734 days'",
        "id NOT IN (SELECT i.contact_id FROM identity.invitation i JOIN field.study s ON s.id = i.study_id"
        " WHERE s.status IN ('live', 'paused') AND i.contact_id IS NOT NULL)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", LATE)
async def test_what_has_outlived_its_time_is_found_out(played: Played, what: str) -> None:
    table, column, by, wanted = LATE[what]
    age = (
        f"CREATE TABLE public.kept AS SELECT id, {column} AS was FROM {table} WHERE {wanted} ORDER BY id LIMIT 1;"
        f" UPDATE {table} t SET {column} = now() - {by} FROM public.kept k WHERE k.id = t.id"
    )
    mend = f"UPDATE {table} t SET {column} = k.was FROM public.kept k WHERE k.id = t.id; DROP TABLE public.kept"
    async with broken(played, age, mend):
        assert f"1 {what} should have gone" in (await look(played, keeping.kept_no_longer)).words


async def test_the_answers_of_a_study_long_closed_are_found_out(played: Played) -> None:
    old = (
        "CREATE TABLE public.kept AS SELECT s.id, s.closed_at AS was FROM field.study s WHERE s.status = 'released'"
        " AND EXISTS (SELECT FROM field.response r WHERE r.study_id = s.id) ORDER BY s.id LIMIT 1;"
        " UPDATE field.study s SET closed_at = now() - interval '733 days' FROM public.kept k WHERE k.id = s.id"
    )
    mend = "UPDATE field.study s SET closed_at = k.was FROM public.kept k WHERE k.id = s.id; DROP TABLE public.kept"
    async with broken(played, old, mend):
        answers = await played.superuser.fetchval(
            "SELECT count(*) FROM field.response WHERE study_id = (SELECT id FROM public.kept)"
        )
        assert f"{answers} answers should have gone" in (await look(played, keeping.kept_no_longer)).words


async def test_answers_that_nobody_sent_and_closing_left_behind_are_found_out(played: Played) -> None:
    begun = (
        "CREATE TABLE public.kept AS SELECT r.id, s.id AS study_id, s.closed_at AS was FROM field.response r"
        " JOIN field.study s ON s.id = r.study_id AND s.status = 'released' ORDER BY r.id LIMIT 1;"
        " UPDATE field.response r SET state = 'open' FROM public.kept k WHERE k.id = r.id;"
        " UPDATE field.study s SET closed_at = now() - interval '3 days' FROM public.kept k WHERE k.study_id = s.id"
    )
    mend = (
        "UPDATE field.response r SET state = 'finished' FROM public.kept k WHERE k.id = r.id;"
        " UPDATE field.study s SET closed_at = k.was FROM public.kept k WHERE k.study_id = s.id; DROP TABLE public.kept"
    )
    async with broken(played, begun, mend):
        assert "1 answers that nobody sent" in (await look(played, keeping.kept_no_longer)).words


async def test_an_account_that_was_disabled_long_ago_is_found_out(played: Played) -> None:
    old = (
        "CREATE TABLE public.kept AS SELECT id, status FROM identity.account WHERE role = 'client_viewer'"
        " AND status = 'active' ORDER BY id LIMIT 1; UPDATE identity.account a"
        " SET status = 'disabled', disabled_at = now() - interval '368 days' FROM public.kept k WHERE k.id = a.id"
    )
    mend = (
        "UPDATE identity.account a SET status = k.status FROM public.kept k WHERE k.id = a.id; DROP TABLE public.kept"
    )
    async with broken(played, old, mend):
        assert "1 accounts should have gone" in (await look(played, keeping.kept_no_longer)).words


async def test_a_study_that_nothing_has_closed_is_found_out(played: Played) -> None:
    old = (
        "CREATE TABLE public.kept AS SELECT id, opens_at, closes_at FROM field.study WHERE status = 'live'"
        " ORDER BY id LIMIT 1; UPDATE field.study s SET opens_at = now() - interval '9 days',"
        " closes_at = now() - interval '3 days' FROM public.kept k WHERE k.id = s.id"
    )
    mend = (
        "UPDATE field.study s SET opens_at = k.opens_at, closes_at = k.closes_at FROM public.kept k WHERE k.id = s.id;"
        " DROP TABLE public.kept"
    )
    async with broken(played, old, mend):
        assert "1 studies should have closed" in (await look(played, keeping.kept_no_longer)).words


async def test_a_key_that_has_outlived_its_record_is_found_out(played: Played) -> None:
    orphan = (
        "INSERT INTO vault.subject_key (id, affiliate_id, kek_version, wrapped, created_on)"
        " SELECT md5('orphan')::uuid, affiliate_id, kek_version, wrapped, current_date - 4"
        " FROM vault.subject_key LIMIT 1"
    )
    mend = "DELETE FROM vault.subject_key WHERE id = md5('orphan')::uuid"
    async with broken(played, orphan, mend):
        assert "1 keys have outlived" in (await look(played, keeping.kept_no_longer)).words


async def test_no_key_of_the_living_counts_as_one_of_the_gone(played: Played) -> None:
    """All keys of the world, which has every kind of record, are made older."""
    age = "UPDATE vault.subject_key SET created_on = created_on - 900"
    mend = "UPDATE vault.subject_key SET created_on = created_on + 900"
    async with broken(played, age, mend):
        assert (await look(played, keeping.kept_no_longer)).faults == ()
