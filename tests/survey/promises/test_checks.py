"""Each promise: it holds in a world that the product has made, and somebody who breaks it is found out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from survey.promises import service
from survey.promises.checks import browsers, fences, mail, numbers, seals
from survey.promises.checks.deployment import Check, Deployment
from survey.promises.domain import Found
from survey.promises.registry import PROMISES
from survey.web import headers
from tests.demo_world import Played


@asynccontextmanager
async def broken(played: Played, *statements: str) -> AsyncIterator[None]:
    """The world as it is when somebody has got into the database: done, looked at, and undone from a copy."""
    for statement in statements[::2]:
        await played.superuser.execute(statement)
    try:
        yield
    finally:
        for statement in statements[1::2]:
            await played.superuser.execute(statement)


async def look(played: Played, check: Check) -> Found:
    """What a check finds now."""
    return await check(Deployment(played.settings, played.database))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
async def test_every_promise_holds_in_a_world_that_the_product_has_made(played: Played, promise: object) -> None:
    assert (await look(played, PROMISES[promise])).faults == ()  # type: ignore[index]


async def test_a_message_without_a_way_out_is_found(played: Played) -> None:
    loose = "ALTER TABLE ops.delivery DROP CONSTRAINT delivery_check, DROP CONSTRAINT delivery_has_way_out"
    strip = (
        "CREATE TABLE public.kept AS SELECT id, opt_out_link_id FROM ops.delivery WHERE is_bulk LIMIT 1;"
        " UPDATE ops.delivery SET opt_out_link_id = NULL WHERE id = (SELECT id FROM public.kept)"
    )
    mend = (
        "UPDATE ops.delivery d SET opt_out_link_id = k.opt_out_link_id FROM public.kept k WHERE k.id = d.id;"
        " DROP TABLE public.kept; ALTER TABLE ops.delivery ADD CONSTRAINT delivery_check"
        " CHECK (NOT is_bulk OR opt_out_link_id IS NOT NULL), ADD CONSTRAINT delivery_has_way_out"
        " CHECK (state NOT IN ('sending', 'sent') OR opt_out_link_id IS NOT NULL)"
    )
    async with broken(played, f"{loose};{strip}", mend):
        assert (await look(played, mail.way_out)).faults


async def test_a_message_that_was_sent_and_that_we_would_call_forged_is_found(played: Played) -> None:
    late = (
        "CREATE TABLE public.kept AS SELECT id, sent_at, message_id FROM ops.delivery WHERE state = 'sent' LIMIT 1;"
        " UPDATE ops.delivery SET sent_at = now(), message_id = 'unknown@example.org'"
        " WHERE id = (SELECT id FROM public.kept)"
    )
    mend = (
        "UPDATE ops.delivery d SET sent_at = k.sent_at, message_id = k.message_id FROM public.kept k WHERE k.id = d.id;"
        " DROP TABLE public.kept"
    )
    async with broken(played, late, mend):
        assert (await look(played, mail.can_be_checked)).faults == ("messages that we sent and would call forged: 1",)


async def test_mail_that_waits_for_somebody_who_stopped_it_is_found(played: Played) -> None:
    wait = (
        "UPDATE ops.delivery SET state = 'queued' WHERE id = (SELECT d.id FROM ops.delivery d JOIN ledger.opt_out o"
        " USING (suppression_key) WHERE d.is_bulk AND o.scope = 'everything' LIMIT 1)"
    )
    async with broken(played, wait, "UPDATE ops.delivery SET state = 'skipped' WHERE state = 'queued'"):
        assert (await look(played, mail.nothing_after_stop)).faults


async def test_mail_that_was_sent_to_somebody_who_had_stopped_it_is_found(played: Played) -> None:
    late = (
        "CREATE TABLE public.kept AS SELECT d.id, d.sent_at FROM ops.delivery d JOIN ledger.opt_out o"
        " USING (suppression_key) WHERE d.is_bulk AND o.scope = 'everything' AND d.sent_at IS NOT NULL LIMIT 1;"
        " UPDATE ops.delivery SET sent_at = now() WHERE id = (SELECT id FROM public.kept)"
    )
    mend = "UPDATE ops.delivery d SET sent_at = k.sent_at FROM public.kept k WHERE k.id = d.id; DROP TABLE public.kept"
    async with broken(played, late, mend):
        assert (await look(played, mail.nothing_after_stop)).faults


async def test_a_role_that_may_remove_a_stop_is_found(played: Played) -> None:
    async with broken(
        played, "GRANT DELETE ON ledger.opt_out TO candour_desk", "REVOKE DELETE ON ledger.opt_out FROM candour_desk"
    ):
        assert (await look(played, mail.stop_outlives_erasure)).faults


async def test_a_portal_that_can_read_people_is_found(played: Played) -> None:
    grant = "GRANT USAGE ON SCHEMA identity TO candour_client; GRANT SELECT ON identity.contact TO candour_client"
    revoke = (
        "REVOKE SELECT ON identity.contact FROM candour_client; REVOKE USAGE ON SCHEMA identity FROM candour_client"
    )
    async with broken(played, grant, revoke):
        assert "identity.contact" in (await look(played, fences.clients_see_nobody)).words


async def test_a_table_without_its_fence_is_found(played: Played) -> None:
    async with broken(
        played, "ALTER TABLE identity.contact NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE identity.contact FORCE ROW LEVEL SECURITY",
    ):  # fmt: skip
        assert "identity.contact" in (await look(played, fences.tenants_apart)).words


async def test_a_fence_with_a_hole_is_found(played: Played) -> None:
    hole = "CREATE POLICY hole ON identity.contact TO candour_staff USING (true)"
    async with broken(played, hole, "DROP POLICY hole ON identity.contact"):
        assert "staff of one company" in (await look(played, fences.tenants_apart)).words


async def test_a_column_that_nobody_has_declared_is_found(played: Played) -> None:
    async with broken(
        played, "ALTER TABLE identity.contact ADD COLUMN mood text", "ALTER TABLE identity.contact DROP COLUMN mood"
    ):
        assert "identity.contact.mood" in (await look(played, fences.columns_declared)).words


async def test_a_session_that_is_not_hashed_is_found(played: Played) -> None:
    plain = (
        "INSERT INTO ops.session (id_hash, affiliate_id, account_id, stage, created_at, seen_at, expires_at)"
        " SELECT 'a cookie', affiliate_id, id, 'full', now(), now(), now() FROM identity.account LIMIT 1"
    )
    async with broken(played, plain, "DELETE FROM ops.session WHERE id_hash = 'a cookie'"):
        assert (await look(played, fences.sessions_hashed)).faults


async def test_a_tie_that_outlives_its_study_is_found(played: Played) -> None:
    tie = (
        "INSERT INTO field.entry (id, affiliate_id, study_id) SELECT '00000000-0000-0000-0000-00000000abcd',"
        " affiliate_id, id FROM field.study WHERE status = 'released' LIMIT 1"
    )
    async with broken(played, tie, "DELETE FROM field.entry WHERE id = '00000000-0000-0000-0000-00000000abcd'"):
        assert (await look(played, fences.ties_cut)).faults


async def test_a_name_that_lies_open_is_found(played: Played) -> None:
    openly = (
        "CREATE TABLE public.kept AS SELECT id, first_name FROM identity.contact WHERE first_name IS NOT NULL"
        " ORDER BY id LIMIT 1; UPDATE identity.contact SET first_name = 'Ada' WHERE id = (SELECT id FROM public.kept)"
    )
    mend = (
        "UPDATE identity.contact c SET first_name = k.first_name FROM public.kept k WHERE k.id = c.id;"
        " DROP TABLE public.kept"
    )
    async with broken(played, openly, mend):
        assert "identity.contact.first_name" in (await look(played, seals.sealed_as_promised)).words


async def test_a_value_that_was_moved_to_another_person_is_found(played: Played) -> None:
    swap = (
        "CREATE TABLE public.kept AS SELECT id, email FROM identity.contact ORDER BY id LIMIT 2;"
        " UPDATE identity.contact c SET email = k.email FROM public.kept k"
        " WHERE c.id IN (SELECT id FROM public.kept) AND k.id <> c.id"
    )
    mend = "UPDATE identity.contact c SET email = k.email FROM public.kept k WHERE k.id = c.id; DROP TABLE public.kept"
    async with broken(played, swap, mend):
        assert "2 values of identity.contact.email" in (await look(played, seals.sealed_as_promised)).words


async def test_a_record_that_was_edited_is_found(played: Played) -> None:
    await look(played, seals.chain_unbroken)
    edit = (
        "CREATE TABLE public.kept AS SELECT id, action FROM ledger.event ORDER BY recorded_at LIMIT 1;"
        " UPDATE ledger.event SET action = 'nothing' WHERE id = (SELECT id FROM public.kept)"
    )
    mend = "UPDATE ledger.event e SET action = k.action FROM public.kept k WHERE k.id = e.id; DROP TABLE public.kept"
    async with broken(played, edit, mend):
        assert (await look(played, seals.chain_unbroken)).faults


async def test_a_small_group_and_a_changed_release_are_found(played: Played) -> None:
    shrink = (
        "CREATE TABLE public.kept AS SELECT release_id, node_id, people FROM release.node WHERE people IS NOT NULL"
        " LIMIT 1; UPDATE release.node n SET people = 4 FROM public.kept k"
        " WHERE n.release_id = k.release_id AND n.node_id = k.node_id"
    )
    mend = (
        "UPDATE release.node n SET people = k.people FROM public.kept k"
        " WHERE n.release_id = k.release_id AND n.node_id = k.node_id; DROP TABLE public.kept"
    )
    async with broken(played, shrink, mend):
        words = (await look(played, numbers.groups_large_enough)).words
    assert "too small" in words
    assert "changed after it was sealed" in words


async def test_a_stylesheet_from_elsewhere_is_found(
    played: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.html").write_text('<link rel="stylesheet" href="https://fonts.example.org/a.css">')
    monkeypatch.setattr(browsers, "TEMPLATES", tmp_path)
    assert "page.html" in (await look(played, browsers.no_third_party)).words


async def test_a_policy_that_lets_others_in_is_found(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    loose = headers.CONTENT_SECURITY_POLICY + "; img-src https://pixel.example.org"
    monkeypatch.setattr(browsers, "CONTENT_SECURITY_POLICY", loose)
    assert "pixel.example.org" in (await look(played, browsers.no_third_party)).words


@pytest.mark.parametrize(
    "made",
    ["answering=x; Path=/; Secure; HttpOnly; SameSite=Lax", "answering=x; Path=/s/{}; HttpOnly; SameSite=Lax",
     "answering=x; Path=/s/{}; Max-Age=99; Secure; HttpOnly; SameSite=Lax"],
)  # fmt: skip
async def test_a_cookie_that_says_too_much_is_found(played: Played, monkeypatch: pytest.MonkeyPatch, made: str) -> None:
    monkeypatch.setattr(browsers, "cookie", lambda token, _: made.format(token).encode())
    assert (await look(played, browsers.cookie_of_one_survey)).faults


async def test_a_log_that_tells_an_address_is_found(played: Played) -> None:
    log = played.settings.data_path / "logs" / "web.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text('{"event":"ada@example.org came"}\n')
    try:
        assert "web.log" in (await look(played, browsers.log_tells_nothing)).words
    finally:
        log.unlink()


async def test_a_check_that_cannot_be_made_counts_as_broken(played: Played) -> None:
    async def failing(deployment: Deployment) -> Found:
        raise OSError("a secret stood here")

    promise = next(iter(PROMISES))
    result = await service.checked(promise, failing, Deployment(played.settings, played.database))
    assert not result.is_held
    assert "secret" not in result.finding


async def test_what_was_found_is_kept(played: Played) -> None:
    before = datetime.now(UTC)
    results = await service.verify_all(played.settings, played.database)
    kept = await played.superuser.fetch("SELECT promise, is_held FROM ledger.promise_check WHERE at >= $1", before)
    assert {(row["promise"], row["is_held"]) for row in kept} == {(each.promise, each.is_held) for each in results}
