"""Limits on what anybody may try, counted under hashes that nobody can link."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from survey.db import Role, transaction
from survey.settings import Settings
from survey.settings.parsing import networks
from survey.web.throttle import Limit, attempts, forgive, spend
from tests.conftest import NOW
from tests.web_client import Site

from .conftest import front_of

LIMIT = Limit("test", 2, 10)


def from_address(site: Site, address: str) -> httpx.AsyncClient:
    """A visitor at an address."""
    transport = httpx.ASGITransport(app=site.front, client=(address, 1234))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="https://testserver.local")


async def tried(visitor: httpx.AsyncClient, forwarded: str) -> int:
    """The status of one attempt that came by way of these addresses."""
    form, headers = {"email": uuid4().hex}, {"x-forwarded-for": forwarded}
    return (await visitor.post("/sample/limited", data=form, headers=headers)).status_code


async def test_the_third_attempt_is_refused_and_says_how_long(site: Site) -> None:
    visitor = from_address(site, "192.0.2.1")
    answers = [await visitor.post("/sample/limited", data={"email": uuid4().hex}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "600"
    assert "Too many attempts" in answers[2].text


async def test_another_address_is_not_held_back(site: Site) -> None:
    for _ in range(3):
        await from_address(site, "192.0.2.2").post("/sample/limited", data={"email": uuid4().hex})
    answer = await from_address(site, "192.0.2.3").post("/sample/limited", data={"email": uuid4().hex})
    assert answer.status_code == 200


async def test_a_forged_forwarding_header_counts_for_nothing(site: Site) -> None:
    visitor = from_address(site, "192.0.2.4")
    statuses = [
        (await visitor.post("/sample/limited", data={}, headers={"x-forwarded-for": f"203.0.113.{n}"})).status_code
        for n in range(3)
    ]
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("trusted", "visitors"),
    [("10.0.0.7", "203.0.1"), ("10.0.0.0/8", "203.0.2"), ("2001:db8::/32,10.0.0.0/24", "203.0.3")],
)
async def test_behind_proxies_of_ours_each_visitor_counts_alone(site: Site, trusted: str, visitors: str) -> None:
    behind = replace(site.settings, trusted_proxies=networks(trusted))
    transport = httpx.ASGITransport(app=front_of(behind, site.clock), client=("10.0.0.7", 1234))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="https://testserver.local") as visitor:
        statuses = [await tried(visitor, f"forged, {visitors}.{n}") for n in range(4)]
    assert statuses == [200] * 4


async def test_without_proxies_of_ours_the_connection_itself_counts(site: Site) -> None:
    visitor = from_address(site, "10.0.0.8")
    assert [await tried(visitor, f"203.0.4.{n}") for n in range(3)] == [200, 200, 429]


async def statuses_from(site: Site, *addresses: str) -> list[int]:
    """The statuses of one attempt from each of these addresses."""
    return [await tried(from_address(site, address), "forged") for address in addresses]


async def test_all_addresses_of_a_household_are_one_visitor(site: Site) -> None:
    household = ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:0DB8:1:2:0:0:0:3")
    assert await statuses_from(site, *household) == [200, 200, 429]


async def test_the_household_next_door_counts_alone(site: Site) -> None:
    assert await statuses_from(site, "2001:db8:1:4::1", "2001:db8:1:4::2", "2001:db8:1:5::1") == [200] * 3


async def test_a_zone_makes_nobody_another_visitor(site: Site) -> None:
    assert await statuses_from(site, "fe80:0:0:7::1%eth0", "fe80:0:0:7::1%eth1", "fe80:0:0:7::1") == [200, 200, 429]


async def test_an_address_of_the_old_kind_is_the_same_however_it_is_written(site: Site) -> None:
    assert await statuses_from(site, "::ffff:198.51.100.1", "198.51.100.1", "::FFFF:c633:6401") == [200, 200, 429]


async def test_addresses_of_the_old_kind_count_one_by_one_in_the_new_writing_too(site: Site) -> None:
    assert await statuses_from(site, *(f"::ffff:198.51.100.{n}" for n in range(10, 14))) == [200] * 4


async def test_a_proxy_of_ours_is_known_in_the_new_writing_too(site: Site) -> None:
    behind = replace(site.settings, trusted_proxies=networks("10.0.0.0/8"))
    transport = httpx.ASGITransport(app=front_of(behind, site.clock), client=("::ffff:10.0.0.7", 1234))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="https://testserver.local") as visitor:
        neighbours = [await tried(visitor, f"203.0.6.{n}") for n in range(3)]
        household = [await tried(visitor, f"2001:db8:1:6::{n}") for n in range(3)]
    assert (neighbours, household) == ([200] * 3, [200, 200, 429])


async def test_a_field_is_counted_whatever_the_address(site: Site) -> None:
    field = {"email": "Ann@Person.test"}
    statuses = [
        (await from_address(site, f"192.0.2.{n}").post("/sample/limited", data=field)).status_code
        for n in range(10, 14)
    ]
    assert statuses == [200, 200, 200, 429]


async def test_no_address_is_stored(site: Site) -> None:
    await from_address(site, "192.0.2.5").post("/sample/limited", data={"email": "stored@person.test"})
    rows = await site.superuser.fetch("SELECT key, t::text AS row FROM ops.throttle t")
    assert {len(row["key"]) for row in rows} == {32}
    assert not any("192.0.2" in row["row"] or "person" in row["row"] for row in rows)


async def test_the_window_ends(site: Site, settings: Settings) -> None:
    who = uuid4().hex
    async with transaction(Role.GATE):
        waits = [await spend(settings, LIMIT, who, NOW + timedelta(minutes=minute)) for minute in (0, 1, 4, 10, 11)]
    assert waits == [0, 0, 360, 0, 0]


async def test_a_new_day_has_a_new_salt(site: Site, settings: Settings) -> None:
    who = uuid4().hex
    async with transaction(Role.GATE):
        await spend(settings, LIMIT, who, NOW)
        await spend(settings, LIMIT, who, NOW + timedelta(days=1))
        assert await attempts(settings, LIMIT, who, NOW) == 1


async def test_the_honest_are_forgiven(site: Site, settings: Settings) -> None:
    who = uuid4().hex
    async with transaction(Role.GATE):
        await spend(settings, LIMIT, who, NOW)
        await forgive(settings, LIMIT, who, NOW)
        assert await attempts(settings, LIMIT, who, NOW) == 0
