"""Promises about what clients are shown: groups of ten people or more, also when groups are subtracted."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from asyncpg import Record

from survey.db import Role, transaction
from survey.releases import service as releases

from .. import queries
from ..domain import Found
from .deployment import Deployment

LEAST_PEOPLE = 10


async def groups_large_enough(deployment: Deployment) -> Found:
    """Take every release as it lies in the database, and look for a small group: alone, or by subtraction."""
    async with transaction(Role.WORKER) as here:
        tenants = await queries.affiliate_ids(here)
    looked, faults = 0, []
    for tenant in tenants:
        async with transaction(Role.RELEASER, affiliate=tenant) as here:
            found = await queries.release_ids(here)
            for release_id, _ in found:
                looked += 1
                people = await queries.people_of_release(here, release_id)
                totals = await queries.totals_of_release(here, release_id)
                faults += [f"release {release_id}: {fault}" for fault in _faults(people, totals)]
        for release_id, study_id in found:
            if not await releases.is_intact(tenant, study_id):
                faults.append(f"release {release_id}: it was changed after it was sealed")
    return Found(f"{looked} releases, no group below {LEAST_PEOPLE} and none by subtraction", tuple(faults))


async def signed_as_they_left(deployment: Deployment) -> Found:
    """Hold everything that has left for a client against the signature under it; and find out a forged one."""
    async with transaction(Role.WORKER) as here:
        tenants = await queries.affiliate_ids(here)
    now = datetime.now(UTC)
    found = [await releases.look_at_signatures(deployment.settings, tenant, now) for tenant in tenants]
    faults = [] if releases.is_forgery_found(deployment.settings) else ["a forged release would pass"]
    faults += [fault for each in found for fault in each.faults]
    struck = sum(each.struck for each in found)
    left_out = f"; {struck:,} under keys that were stolen, which prove nothing" if struck else ""
    words = f"{sum(each.seen for each in found):,} signatures, each under what is stored today{left_out}"
    return Found(f"{words}; {_parts(found)}", tuple(faults))


def _parts(found: Sequence[releases.Looked]) -> str:
    """What was read again of what is signed apart, as it goes by itself."""
    read, pictures = sum(each.read for each in found), sum(each.pictures for each in found)
    staff, whole = sum(each.staff for each in found), sum(each.whole for each in found)
    older = f"; not so of {whole:,} reports that left before these were signed apart" if whole else ""
    return f"read {read:,} of {pictures:,} pictures again, and what {staff:,} entries tell of staff{older}"


def _faults(people: Sequence[Record], totals: Sequence[Record]) -> list[str]:
    paths = {row["path"] for row in people}
    found = [*_judged(paths, {row["path"]: row["people"] for row in people if row["people"] is not None})]
    by_item: dict[str, dict[str, int]] = {}
    for row in totals:
        by_item.setdefault(row["item"], {})[row["path"]] = int(Decimal(row["value"]))
    for numbers in by_item.values():
        found += _judged(paths, numbers)
    return sorted(set(found))


def _judged(paths: set[str], numbers: Mapping[str, int]) -> list[str]:
    """Groups of 1…9, and places that differ by 1…9 from what is shown below them."""
    found = []
    for path, number in numbers.items():
        if 0 < number < LEAST_PEOPLE:
            found.append("it shows a group that is too small")
        rest = number - sum(numbers[below] for below in _shown_below(path, paths, numbers))
        if 0 < rest < LEAST_PEOPLE or rest < 0:
            found.append("a group that is too small remains when places are subtracted")
    return found


def _shown_below(path: str, paths: set[str], numbers: Mapping[str, int]) -> list[str]:
    """The places under a place that are shown, each not below another one of them."""
    below = [other for other in paths if other != path and other.startswith(path) and other in numbers]
    return [one for one in below if not any(one != other and one.startswith(other) for other in below)]
