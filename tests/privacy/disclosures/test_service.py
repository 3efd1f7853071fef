"""Whatever leaves for a client is accounted for."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy import disclosures
from privacy.disclosures import Disclosure, Position
from privacy.inventory import Category
from survey.db import Database, Role, transaction


def release(affiliate: UUID, client: UUID | None = None, digest: bytes = bytes(32)) -> Disclosure:
    """A release of answers to a client."""
    categories = (Category.ANSWERS, Category.DEMOGRAPHICS)
    return Disclosure(affiliate, client or uuid4(), "release", uuid4(), categories, digest)


async def record(disclosure: Disclosure, now: datetime) -> None:
    """The releaser writes it down."""
    async with transaction(Role.RELEASER, affiliate=disclosure.affiliate_id) as connection:
        await disclosures.record(connection, disclosure, now)


def test_a_disclosure_without_a_digest_is_refused() -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        release(uuid4(), digest=b"short")


@pytest.mark.parametrize("role", [Role.DESK, Role.CLIENT, Role.SHOPPER, Role.RESPONDENT])
async def test_only_who_releases_writes_disclosures(database: Database, role: Role, now: datetime) -> None:
    affiliate = uuid4()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(role, affiliate=affiliate) as connection:
            await disclosures.record(connection, release(affiliate), now)


@pytest.mark.parametrize("role", [Role.RELEASER, Role.STAFF, Role.WORKER])
async def test_a_disclosure_cannot_be_written_for_another_affiliate(
    database: Database, role: Role, now: datetime
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(role, affiliate=uuid4()) as connection:
            await disclosures.record(connection, release(uuid4()), now)


async def test_another_affiliate_sees_no_disclosure(database: Database, now: datetime) -> None:
    disclosure = release(uuid4())
    await record(disclosure, now)
    async with transaction(Role.STAFF, affiliate=uuid4()) as connection:
        assert await disclosures.disclosures_of(connection, disclosure.affiliate_id) == []


async def test_a_disclosure_is_listed_as_it_was_recorded(database: Database, now: datetime) -> None:
    disclosure = release(uuid4(), digest=bytes(range(32)))
    await record(disclosure, now)
    async with transaction(Role.DESK) as connection:
        (listed,) = await disclosures.disclosures_of(connection, disclosure.affiliate_id)
    assert (listed.disclosure, listed.at) == (disclosure, now)


async def test_disclosures_to_one_client_are_listed_alone(database: Database, now: datetime) -> None:
    affiliate, client = uuid4(), uuid4()
    for disclosure in (release(affiliate), release(affiliate, client)):
        await record(disclosure, now)
    async with transaction(Role.STAFF, affiliate=affiliate) as connection:
        listed = await disclosures.disclosures_of(connection, affiliate, client)
    assert [one.disclosure.client_id for one in listed] == [client]


async def test_the_list_is_paged_newest_first(database: Database, now: datetime) -> None:
    affiliate = uuid4()
    for day in (0, 1, 1, 2):
        await record(release(affiliate), now + timedelta(days=day))
    async with transaction(Role.STAFF, affiliate=affiliate) as connection:
        whole = await disclosures.disclosures_of(connection, affiliate)
        first = await disclosures.disclosures_of(connection, affiliate, limit=2)
        end = Position(first[-1].at, first[-1].id)
        second = await disclosures.disclosures_of(connection, affiliate, after=end, limit=2)
    assert [*first, *second] == whole
    assert [one.at - now for one in whole] == [timedelta(days=day) for day in (2, 1, 1, 0)]
