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
