"""Profiles that may be of one person: what shows them, what a person decides, and what is forgotten."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from survey.db import Role, transaction
from survey.rights.service.erasing import erase_shopper
from survey.settings import Settings
from survey.shoppers import service
from survey.shoppers.domain import Payout, PayoutKind, Verdict
from tests.conftest import NOW, World
from tests.shop_world import insert
from tests.web_client import Browser, Site

from .conftest import Post, Registered, actions, registered, restrict

HOMES = "SELECT household_index FROM identity.shopper WHERE id = ANY($1::uuid[]) ORDER BY id"


@pytest.fixture
async def twin(site: Site, post: Post, world: World, door: str, ada: Registered) -> Registered:
    """Somebody else at alice's with ada's telephone number."""
    return await registered(site, post, world.alices, door, name="Bea Ash", street="9 Far Road", postal_code="43210")


def _pair(one: Registered, other: Registered) -> str:
    return f"{one.shopper_id}.{other.shopper_id}"


async def _decide(browser: Browser, one: Registered, other: Registered, verdict: str) -> int:
    sent = {"pair": _pair(one, other), "verdict": verdict}
    return (await browser.submit("/shoppers/alike", sent)).status_code


async def _is_shown(browser: Browser) -> bool:
    return "Same person: close" in (await browser.get("/shoppers/alike")).text


async def _homes(site: Site, *people: Registered) -> list[bytes]:
    rows = await site.superuser.fetch(HOMES, [one.shopper_id for one in people])
    return [row["household_index"] for row in rows]


async def test_another_affiliates_staff_neither_see_a_pair_nor_decide(
    site: Site, world: World, ada: Registered, twin: Registered
) -> None:
    stranger = await site.signed_in(world.charlies.affiliate_id, "affiliate_admin")
    assert not await _is_shown(stranger)
    assert await _decide(stranger, ada, twin, "unrelated") == 404
    again = await stranger.submit("/shoppers/alike", {"pair": _pair(ada, twin)}, "/shoppers/alike/again")
    assert again.status_code == 404


async def test_whoever_has_had_it_restricted_is_compared_with_nobody(
    site: Site, world: World, ada: Registered, twin: Registered
) -> None:
    scheduler = await site.signed_in(world.alices.affiliate_id, "scheduler")
    assert await _is_shown(scheduler)
    await restrict(ada)
    assert not await _is_shown(scheduler)


async def test_whoever_had_it_restricted_is_compared_again_once_it_has_ended_by_the_clock_of_the_page(
    site: Site, world: World, ada: Registered, twin: Registered
) -> None:
    ends = {"verdict": "ends", "decided_at": NOW, "ends_at": NOW + timedelta(days=14), "asked_at": NOW}
    own = {"id": uuid4(), "affiliate_id": world.alices.affiliate_id, "shopper_id": ada.shopper_id, "ground": "claims"}
    await insert(site.superuser, "identity.restriction", own | ends)
    for days, is_shown in ((13, False), (14, True)):
        site.clock.now = NOW + timedelta(days=days)
        scheduler = await site.signed_in(world.alices.affiliate_id, "scheduler")
        assert await _is_shown(scheduler) is is_shown


async def test_the_same_person_at_two_affiliates_is_no_pair(
    site: Site, post: Post, world: World, ada: Registered, other_door: str
) -> None:
    await registered(site, post, world.charlies, other_door)
    for scope in (world.alices, world.charlies):
        assert not await _is_shown(await site.signed_in(scope.affiliate_id, "scheduler"))


@pytest.mark.parametrize("sent", ["maybe", "same", "same:nobody", ""])
async def test_a_made_up_decision_decides_nothing(
    scheduler: Browser, ada: Registered, twin: Registered, sent: str
) -> None:
    assert await _decide(scheduler, ada, twin, sent) == 404
    assert await _is_shown(scheduler)


async def test_of_decisions_at_once_the_first_counts(ada: Registered, twin: Registered, settings: Settings) -> None:
    begun = asyncio.Barrier(3)

    async def decide() -> None:
        async with transaction(Role.STAFF, affiliate=ada.scope.affiliate_id):
            await begun.wait()
            about, verdict = (ada.shopper_id, twin.shopper_id), (Verdict.UNRELATED, None)
            await service.resembling.decide(ada.scope, settings, about, verdict, NOW)

    answers = await asyncio.gather(*(decide() for _ in range(3)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["NoneType", "WrongStatus", "WrongStatus"]


async def test_a_shared_number_is_shown_by_codes_alone(scheduler: Browser, ada: Registered, twin: Registered) -> None:
    for path in ("/shoppers/alike", f"/shoppers/{ada.shopper_id}"):
        page = (await scheduler.get(path)).text
        assert "Same telephone number" in page
        assert str(twin.shopper_id) in page
        assert not any(words in page for words in ("Quillfeather", "Bea Ash", "555 0134"))


async def test_a_shared_account_and_a_namesake_next_door_are_signs(
    site: Site, post: Post, world: World, door: str, scheduler: Browser, ada: Registered, settings: Settings
) -> None:
    other = await registered(site, post, world.alices, door, name="Zed Quillfeather", phone="+1 614 555 0777")
    for one in (ada, other):
        async with transaction(Role.SHOPPER, affiliate=one.scope.affiliate_id, shopper=one.shopper_id):
            await service.money.set_payout(one.scope, settings, Payout(PayoutKind.PAYPAL, "pay@people.test"), NOW)
    page = (await scheduler.get("/shoppers/alike")).text
    assert "Money goes to the same account" in page
    assert "Same family name and postal code" in page
    assert "Same address" in page


async def test_of_one_person_a_profile_is_closed_in_words_that_speak_of_nobody_else(
    scheduler: Browser, ada: Registered, twin: Registered, site: Site
) -> None:
    assert await _decide(scheduler, ada, twin, f"same:{twin.shopper_id}") == 303
    row = await site.superuser.fetchrow(
        "SELECT s.status, d.code FROM identity.shopper s JOIN identity.deactivation d ON d.shopper_id = s.id"
        " WHERE s.id = $1",
        twin.shopper_id,
    )
    assert tuple(row) == ("deactivated", "double")
    assert not await _is_shown(scheduler)
    page = (await twin.browser.get("/shopper/affiliates")).text
    assert str(ada.shopper_id) not in page
    assert "shopper.alike" in await actions(site.superuser, ada.shopper_id)


async def test_two_who_have_nothing_to_do_with_each_other_are_shown_again_only_with_something_new(
    scheduler: Browser, ada: Registered, twin: Registered, settings: Settings
) -> None:
    assert await _decide(scheduler, twin, ada, "unrelated") == 303
    assert not await _is_shown(scheduler)
    for one in (ada, twin):
        async with transaction(Role.SHOPPER, affiliate=one.scope.affiliate_id, shopper=one.shopper_id):
            await service.money.set_payout(one.scope, settings, Payout(PayoutKind.PAYPAL, "pay@people.test"), NOW)
    assert "something has changed since" in (await scheduler.get("/shoppers/alike")).text


async def test_a_household_counts_as_one_until_the_decision_is_taken_back(
    scheduler: Browser, ada: Registered, twin: Registered, site: Site
) -> None:
    before = await _homes(site, ada, twin)
    assert await _decide(scheduler, ada, twin, "household") == 303
    assert len(set(await _homes(site, ada, twin))) == 1 < len(set(before))
    assert not await _is_shown(scheduler)
    page = f"/shoppers/{ada.shopper_id}"
    answer = await scheduler.submit(
        page, {"pair": _pair(ada, twin), "back": str(ada.shopper_id)}, "/shoppers/alike/again"
    )
    assert answer.headers["location"] == page
    assert await _homes(site, ada, twin) == before
    assert await _is_shown(scheduler)


async def test_who_lives_with_one_of_the_two_comes_along_and_goes_back_with_them(
    scheduler: Browser, ada: Registered, twin: Registered, site: Site, post: Post, world: World, door: str
) -> None:
    told = {"street": "9 Far Road", "postal_code": "43210", "phone": "+1 614 555 0777"}
    flatmate = await registered(site, post, world.alices, door, name="Cy Moss", **told)
    before = await _homes(site, ada, twin, flatmate)
    assert await _decide(scheduler, ada, twin, "household") == 303
    assert len(set(await _homes(site, ada, twin, flatmate))) == 1 < len(set(before))
    sent = {"pair": _pair(ada, twin), "back": str(ada.shopper_id)}
    await scheduler.submit(f"/shoppers/{ada.shopper_id}", sent, "/shoppers/alike/again")
    assert await _homes(site, ada, twin, flatmate) == before


async def test_who_corrects_a_name_stays_in_the_household_and_who_moves_leaves_it(
    scheduler: Browser, ada: Registered, twin: Registered, site: Site
) -> None:
    await _decide(scheduler, ada, twin, "household")
    typed = {"name": "Bea Ashe", "phone": "+1 614 555 0134", "street": "9 Far Road", "city": "Larkhollow",
             "region": "Ohio", "postal_code": "43210", "country": "US", "time_zone": "America/New_York",
             "units": "mi"}  # fmt: skip
    for street, homes in (("9 Far Road", 1), ("10 Far Road", 2)):
        assert (await twin.browser.submit("/shopper/profile/details", typed | {"street": street})).status_code == 303
        assert len(set(await _homes(site, ada, twin))) == homes


async def test_erasing_either_of_the_two_leaves_neither_fingerprints_nor_the_decision(
    scheduler: Browser, ada: Registered, twin: Registered, site: Site, settings: Settings
) -> None:
    await _decide(scheduler, ada, twin, "unrelated")
    verdicts = "SELECT count(*) FROM identity.likeness_verdict WHERE $1 IN (shopper_id, other_id)"
    assert await site.superuser.fetchval(verdicts, ada.shopper_id) == 2
    await erase_shopper(settings, twin.scope.affiliate_id, twin.shopper_id, NOW)
    assert await site.superuser.fetchval(verdicts, ada.shopper_id) == 0
    marks = "SELECT shopper_id FROM identity.likeness WHERE shopper_id = ANY($1::uuid[])"
    left = await site.superuser.fetch(marks, [ada.shopper_id, twin.shopper_id])
    assert [row["shopper_id"] for row in left] == [ada.shopper_id]
