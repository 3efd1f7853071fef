"""Each promise to shoppers: who breaks it, in the database or in a picture, is found out."""

from collections.abc import AsyncIterator
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image

from privacy.vault import Place, create_subject, data_key, seal, shred
from survey.media import media_of
from survey.promises.checks import keeping, shoppers
from survey.promises.checks.pictures import beside_pixels
from tests.demo_world import Played

from .test_checks import broken, look

A_SHOPPER = "SELECT id FROM identity.shopper WHERE status = 'active' ORDER BY id LIMIT 1"
KEPT = "CREATE TABLE public.kept AS "
DROP = "; DROP TABLE public.kept"


@pytest.mark.parametrize("column", ["email_index", "household_index", "name"])
async def test_a_value_that_two_companies_hold_alike_is_found(played: Played, column: str) -> None:
    alike = (
        f"{KEPT} SELECT b.id, b.{column} AS was, a.{column} AS now FROM identity.shopper a JOIN identity.shopper b"
        f" ON b.affiliate_id <> a.affiliate_id WHERE a.{column} IS NOT NULL ORDER BY a.id, b.id LIMIT 1;"
        f" UPDATE identity.shopper s SET {column} = k.now FROM public.kept k WHERE k.id = s.id"
    )
    mend = f"UPDATE identity.shopper s SET {column} = k.was FROM public.kept k WHERE k.id = s.id{DROP}"
    async with broken(played, alike, mend):
        assert "share something" in (await look(played, shoppers.profiles_apart)).words


async def test_a_company_that_could_read_the_sign_in_is_found(played: Played) -> None:
    grant = "GRANT SELECT (account_id) ON identity.shopper TO candour_staff"
    async with broken(played, grant, "REVOKE SELECT (account_id) ON identity.shopper FROM candour_staff"):
        assert "sign-in" in (await look(played, shoppers.profiles_apart)).words


async def test_a_visit_that_hangs_on_another_companys_shopper_is_found(played: Played) -> None:
    move = (
        f"{KEPT} SELECT a.id, a.shopper_id AS was FROM identity.assignment a WHERE a.state = 'given_back' OR true"
        " ORDER BY a.id LIMIT 1; UPDATE identity.assignment a SET shopper_id = (SELECT s.id FROM identity.shopper s"
        " WHERE s.affiliate_id <> a.affiliate_id ORDER BY s.id LIMIT 1) FROM public.kept k WHERE k.id = a.id"
    )
    mend = f"UPDATE identity.assignment a SET shopper_id = k.was FROM public.kept k WHERE k.id = a.id{DROP}"
    async with broken(played, move, mend):
        assert "identity.assignment" in (await look(played, shoppers.profiles_apart)).words


async def test_a_fence_with_a_hole_between_companies_is_found(played: Played) -> None:
    hole = "CREATE POLICY hole ON field.shop FOR SELECT TO candour_shopper USING (true)"
    async with broken(played, hole, "DROP POLICY hole ON field.shop"):
        assert "field.shop" in (await look(played, shoppers.shops_of_one_company)).words


@pytest.fixture
async def tax(played: Played) -> AsyncIterator[tuple[UUID, UUID]]:
    """Somebody has given a tax number: its id, and whose it is."""
    owner, tax_id = played.superuser, uuid4()
    shopper = await owner.fetchrow(
        "SELECT id, affiliate_id FROM identity.shopper s WHERE status = 'active'"
        " AND NOT EXISTS (SELECT FROM identity.tax_identity t WHERE t.shopper_id = s.id) LIMIT 1"
    )
    key = await create_subject(owner, played.settings.keyring, shopper["affiliate_id"], tax_id)
    await owner.execute(
        "INSERT INTO identity.tax_identity (id, affiliate_id, shopper_id, kind, number, last4, asked_at, collected_at,"
        " purge_on) VALUES ($1, $2, $3, 'ssn', $4, '9999', now(), now(), current_date + 900)",
        tax_id, shopper["affiliate_id"], shopper["id"],
        seal(key, Place(shoppers.TAX_NUMBER, tax_id, tax_id), "219099999"),
    )  # fmt: skip
    yield tax_id, shopper["id"]
    await owner.execute("DELETE FROM identity.tax_identity WHERE id = $1", tax_id)
    await shred(owner, tax_id)


async def test_a_tax_number_that_lies_apart_is_in_order(played: Played, tax: tuple[UUID, UUID]) -> None:
    found = await look(played, shoppers.tax_numbers_apart)
    # This one and Maya's, who gave hers when the world was made.
    assert (found.faults, found.looked[:15]) == ((), "opened 2 tax nu")


async def test_a_tax_number_that_has_outlived_its_date_is_found(played: Played, tax: tuple[UUID, UUID]) -> None:
    old = "UPDATE identity.tax_identity SET purge_on = current_date - 3 WHERE id = $1"
    await played.superuser.execute(old, tax[0])
    assert "outlived" in (await look(played, shoppers.tax_numbers_apart)).words


async def test_a_tax_number_that_opens_with_the_profiles_key_is_found(played: Played, tax: tuple[UUID, UUID]) -> None:
    tax_id, shopper_id = tax
    key = await data_key(played.superuser, played.settings.keyring, shopper_id)
    sealed = seal(key, Place(shoppers.TAX_NUMBER, shopper_id, shopper_id), "219099999")
    await played.superuser.execute("UPDATE identity.tax_identity SET number = $2 WHERE id = $1", tax_id, sealed)
    words = (await look(played, shoppers.tax_numbers_apart)).words
    assert "profile’s key" in words
    assert "no key of their own" in words


async def test_a_role_that_may_read_tax_numbers_is_found(played: Played) -> None:
    grant = "GRANT SELECT (last4) ON identity.tax_identity TO candour_releaser"
    async with broken(played, grant, "REVOKE SELECT (last4) ON identity.tax_identity FROM candour_releaser"):
        assert "candour_releaser" in (await look(played, shoppers.tax_numbers_apart)).words


def photograph(**saved: object) -> bytes:
    """A small picture with something beside its pixels, or nothing."""
    written = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(written, "JPEG", **saved)
    return written.getvalue()


def with_a_place() -> bytes:
    """A picture that says who took it."""
    exif = Image.Exif()
    exif[0x013B] = "Ada"
    return photograph(exif=exif)


def test_what_a_camera_writes_beside_the_pixels_is_seen() -> None:
    assert beside_pixels(photograph()) == set()
    assert beside_pixels(with_a_place()) == {"what a camera writes"}
    assert beside_pixels(photograph(comment=b"Ada")) == {"a comment"}
    assert beside_pixels(b"") == set()


async def test_a_picture_that_says_who_took_it_is_found(played: Played) -> None:
    media = media_of(played.settings)
    file = await media.put("evidence", with_a_place(), limit_bytes=100_000)
    take = (
        f"{KEPT} SELECT id, media_key AS was FROM field.evidence ORDER BY id LIMIT 1;"
        f" UPDATE field.evidence e SET media_key = '{file}' FROM public.kept k WHERE k.id = e.id"
    )
    mend = f"UPDATE field.evidence e SET media_key = k.was FROM public.kept k WHERE k.id = e.id{DROP}"
    async with broken(played, take, mend):
        assert "what a camera writes" in (await look(played, shoppers.pictures_bare)).words


async def a_report(played: Played) -> UUID:
    """The shop of a report that its client reads."""
    found: UUID = await played.superuser.fetchval(
        "SELECT shop_id FROM release.shop_report WHERE withdrawn_at IS NULL AND NOT is_on_hold AND NOT is_superseded"
        " ORDER BY id LIMIT 1"
    )
    return found


async def test_a_report_that_can_be_read_before_its_release_is_found(played: Played) -> None:
    shop_id = await a_report(played)
    state = await played.superuser.fetchval("SELECT state FROM field.shop WHERE id = $1", shop_id)
    # As somebody does who goes round the trigger that hides what is taken back.
    off = "ALTER TABLE field.shop DISABLE TRIGGER follow_shop"
    take = f"{off}; UPDATE field.shop SET state = 'IN_REVIEW' WHERE id = '{shop_id}'"
    mend = (
        f"UPDATE field.shop SET state = '{state}' WHERE id = '{shop_id}';"
        " ALTER TABLE field.shop ENABLE TRIGGER follow_shop"
    )
    async with broken(played, take, mend):
        assert "not released" in (await look(played, shoppers.released_by_a_person)).words


async def test_a_report_that_no_person_released_is_found(played: Played) -> None:
    shop_id = await a_report(played)
    forge = (
        f"{KEPT} SELECT id, actor_id FROM ledger.event WHERE object_id = '{shop_id}'"
        " AND action = 'shop_report.released'; UPDATE ledger.event SET actor_id = NULL"
        " WHERE id IN (SELECT id FROM public.kept)"
    )
    mend = f"UPDATE ledger.event e SET actor_id = k.actor_id FROM public.kept k WHERE k.id = e.id{DROP}"
    async with broken(played, forge, mend):
        assert "no person released" in (await look(played, shoppers.released_by_a_person)).words


async def test_a_board_that_asks_who_wants_mail_is_found(played: Played) -> None:
    asking = (
        "CREATE POLICY rewarding ON field.shop AS RESTRICTIVE FOR SELECT TO candour_shopper USING (EXISTS (SELECT FROM"
        " identity.shopper s WHERE s.id = nullif(current_setting('app.shopper', true), '')::uuid AND s.wants_news))"
    )
    async with broken(played, asking, "DROP POLICY rewarding ON field.shop"):
        assert "offered something else" in (await look(played, shoppers.mail_changes_no_offer)).words


async def test_a_board_that_could_read_who_stopped_mail_is_found(played: Played) -> None:
    grant = "GRANT SELECT ON ledger.opt_out TO candour_shopper"
    async with broken(played, grant, "REVOKE SELECT ON ledger.opt_out FROM candour_shopper"):
        assert "stopped mail" in (await look(played, shoppers.mail_changes_no_offer)).words


async def test_trying_the_board_changes_nobodys_choice_about_mail(played: Played) -> None:
    choices = "SELECT md5(string_agg(id::text || wants_news, ',' ORDER BY id)) FROM identity.shopper"
    before = await played.superuser.fetchval(choices)
    await look(played, shoppers.mail_changes_no_offer)
    assert await played.superuser.fetchval(choices) == before


async def test_what_has_outlived_its_time_is_found(played: Played) -> None:
    old = (
        f"{KEPT} SELECT id, decided_at FROM identity.application ORDER BY id LIMIT 1; UPDATE identity.application a"
        " SET decided_at = now() - interval '400 days' FROM public.kept k WHERE k.id = a.id"
    )
    mend = f"UPDATE identity.application a SET decided_at = k.decided_at FROM public.kept k WHERE k.id = a.id{DROP}"
    async with broken(played, old, mend):
        assert "1 applications should have gone" in (await look(played, keeping.kept_no_longer)).words


async def test_an_erased_profile_that_still_says_something_is_found(played: Played) -> None:
    mark = f"{KEPT} {A_SHOPPER}; UPDATE identity.shopper SET status = 'erased' WHERE id IN (SELECT id FROM public.kept)"
    mend = f"UPDATE identity.shopper SET status = 'active' WHERE id IN (SELECT id FROM public.kept){DROP}"
    async with broken(played, mark, mend):
        assert "erased profiles still say something" in (await look(played, keeping.kept_no_longer)).words


async def test_a_profile_of_whom_nothing_was_heard_is_found(played: Played) -> None:
    lone = (
        "SELECT s.id, s.created_at FROM identity.shopper s WHERE s.status = 'active'"
        " AND NOT EXISTS (SELECT FROM identity.assignment a WHERE a.shopper_id = s.id)"
        " AND NOT EXISTS (SELECT FROM identity.pay_item i WHERE i.shopper_id = s.id)"
        " AND NOT EXISTS (SELECT FROM ledger.event e WHERE e.subject_id = s.id AND e.action = 'shopper.sign_in')"
        " ORDER BY s.id LIMIT 1"
    )
    age = (
        f"{KEPT} {lone}; UPDATE identity.shopper SET created_at = now() - interval '900 days'"
        " WHERE id IN (SELECT id FROM public.kept)"
    )
    mend = f"UPDATE identity.shopper s SET created_at = k.created_at FROM public.kept k WHERE k.id = s.id{DROP}"
    async with broken(played, age, mend):
        assert "nothing was heard" in (await look(played, keeping.kept_no_longer)).words
