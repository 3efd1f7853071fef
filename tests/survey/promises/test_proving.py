"""A run of the proof over the demo world."""

import time
from datetime import UTC, datetime
from uuid import UUID

from survey.app import build
from survey.db import Role, Scope, transaction
from survey.promises.service import proving
from survey.demo import cast
from tests.demo_world import Played


async def test_try(played: Played) -> None:
    su = played.superuser
    a = await su.fetchval("SELECT id FROM field.affiliate WHERE name = $1", cast.NORTHLIGHT.name)
    async with transaction(Role.STAFF, affiliate=a):
        assert await proving.ask_for(Scope(a, None, "affiliate_admin"), a, datetime.now(UTC))
    run_id = await su.fetchval("SELECT id FROM ops.proof_run")
    t = time.monotonic()
    site = build(played.settings)
    print("built", time.monotonic() - t)
    t = time.monotonic()
    import cProfile
    pr = cProfile.Profile()
    state = await proving.run(played.settings, site, run_id, lambda: datetime.now(UTC))
    print("state", state, time.monotonic() - t)
    for row in await su.fetch("SELECT * FROM ops.proof_run"):
        print(dict(row))
    for row in await su.fetch("SELECT eye,state,searched,shown,files,pictures,failed FROM ops.proof_eye"):
        print(tuple(row))
    for row in await su.fetch("SELECT eye,kind,route,answers FROM ops.proof_hit ORDER BY 1,2,3"):
        print(tuple(row))
    print(await su.fetch("SELECT count(*) FROM ops.session"))
    assert 0
