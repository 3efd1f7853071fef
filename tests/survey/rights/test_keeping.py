"""A profile of whom nothing is heard: warned at twenty-three months, erased at twenty-four, kept by one click."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from privacy.optouts import Source, StopScope, stop, suppression_key
from privacy.tokens import Purpose, sign, sign_until
from survey.db import Database, Role, transaction
from survey.queue import JobContext
from survey.rights.jobs import forget_idle, warn_idle
from survey.rights.service import erasing
from survey.settings import Settings
from survey.shoppers.service import IDLE_KIND
from tests.conftest import NOW, World, new_affiliate, unheard_of
from tests.outbox import mails
from tests.shop_world import Shopper, ShopWorld, shop_world
from tests.web_client import Site

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody of whom nothing was heard since the profile was made, at NOW."""

    there: ShopWorld
    shopper: Shopper
    address: str
    database: Database

    async def run(self, day: int) -> None:
        """Both jobs, as that night runs them, twice."""
        for _ in range(2):
            for job in (warn_idle, forget_idle):
                await job.handler(JobContext(self.there.settings, self.database, lambda: NOW + day * DAY), {})

    async def status(self) -> str:
        """How the profile stands."""
        found: str = await self.there.owner.fetchval(
            "SELECT status FROM identity.shopper WHERE id = $1", self.shopper.id
        )
        return found

    async def asked(self) -> list[tuple[str, str]]:
        """State and reason of every warning."""
        rows = await self.there.owner.fetch(
            "SELECT state, reason FROM ops.delivery WHERE recipient_id = $1 AND kind = $2", self.shopper.id, IDLE_KIND
        )
        return [tuple(row) for row in rows]


@pytest.fixture
async def silent(superuser: asyncpg.Connection, settings: Settings, world: World, database: Database) -> Silent:
    """In an affiliate of its own."""
    there = await shop_world(superuser, settings, (await new_affiliate("Quiet")).affiliate_id)
    address = f"robin@m{unheard_of()}.example"
    shopper = await there.shopper("Robin Marsh", address, status="active")
    return Silent(there, shopper, address, database)


def link(settings: Settings, shopper_id: UUID, now: datetime) -> str:
    """The address in the warning."""
    return f"/keep/{sign_until(settings.token_keys, Purpose.SHOPPER_KEEP, shopper_id, now=now, seconds=86400)}"


async def test_nobody_is_warned_before_twenty_three_months(silent: Silent) -> None:
    await silent.run(699)
    assert await silent.asked() == []


async def test_whoever_is_silent_is_warned_once_and_erased_a_month_later(silent: Silent) -> None:
    await silent.run(701)
    assert await silent.asked() == [("queued", "")]
    await silent.run(730)
    assert await silent.status() == "active"
    await silent.run(732)
    assert await silent.status() == "erased"
    assert len(await silent.asked()) == 1


async def test_nobody_is_erased_without_a_warning_of_a_month_before(silent: Silent) -> None:
    await silent.run(900)
    assert await silent.status() == "active"
    await silent.run(931)
    assert await silent.status() == "erased"


async def test_the_warning_carries_the_link_that_keeps_the_profile(silent: Silent, settings: Settings) -> None:
    await silent.run(701)
    (mail,) = await mails(settings, silent.there.affiliate_id, IDLE_KIND, NOW + 701 * DAY)
    assert mail.to == silent.address
    assert f"{settings.base_url}/keep/" in mail.text
    assert f"{settings.base_url}/o/" in mail.way_out


async def test_whoever_stopped_all_mail_gets_none_and_the_month_runs_all_the_same(
    silent: Silent, settings: Settings
) -> None:
    async with transaction(Role.DESK) as here:
        key = suppression_key(settings.index_key, silent.address)
        await stop(here, key, StopScope.EVERYTHING, None, Source.PAGE, NOW)
    await silent.run(701)
    assert await mails(settings, silent.there.affiliate_id, IDLE_KIND, NOW + 701 * DAY) == []
    assert await silent.asked() == [("skipped", "opted out")]
    await silent.run(732)
    assert await silent.status() == "erased"


async def test_whoever_stopped_offers_alone_is_reminded_as_the_page_for_news_says(
    silent: Silent, settings: Settings, site: Site
) -> None:
    async with transaction(Role.DESK) as here:
        key = suppression_key(settings.index_key, silent.address)
        await stop(here, key, StopScope.OFFERS, silent.there.affiliate_id, Source.PAGE, NOW)
    await silent.run(701)
    assert len(await mails(settings, silent.there.affiliate_id, IDLE_KIND, NOW + 701 * DAY)) == 1
    browser = await silent.there.signed_in(site, silent.shopper)
    for page in ("/shopper/board/news", "/shopper/profile", "/privacy"):
        assert "nothing is heard" in (await browser.get(page)).text


async def test_a_link_of_another_purpose_keeps_nothing(site: Site, silent: Silent) -> None:
    other = f"/keep/{sign(site.settings.token_keys, Purpose.OPT_OUT, silent.shopper.id)}"
    assert (await (await site.visitor()).get(other)).status_code == 404


async def test_looking_at_the_link_keeps_nothing_and_the_button_keeps_the_profile(site: Site, silent: Silent) -> None:
    visitor, path = await site.visitor(), link(site.settings, silent.shopper.id, site.clock.now)
    page = (await visitor.get(path)).text
    assert ("Keep my profile" in page, "Keep your profile? – Quiet" in page) == (True, True)
    assert await _kept(silent) == 0
    assert "Your profile is kept" in (await visitor.submit(path)).text
    assert await _kept(silent) == 1


async def test_a_kept_profile_is_not_erased_and_is_warned_again_two_years_later(silent: Silent) -> None:
    await silent.run(701)
    async with transaction(Role.GATE):
        assert await erasing.keep(silent.shopper.id, NOW + 710 * DAY)
    await silent.run(732)
    await silent.run(1441)
    assert (await silent.status(), len(await silent.asked())) == ("active", 2)
    await silent.run(1472)
    assert await silent.status() == "erased"


async def test_a_sign_in_keeps_a_profile_too(silent: Silent) -> None:
    await silent.run(701)
    await silent.there.owner.execute(
        "INSERT INTO ledger.event (affiliate_id, at, actor_kind, action, object_kind, object_id, subject_id)"
        " VALUES ($1, $2, 'shopper', 'shopper.sign_in', 'shopper', $3, $3)",
        silent.there.affiliate_id, NOW + 720 * DAY, silent.shopper.id,
    )  # fmt: skip
    await silent.run(732)
    assert await silent.status() == "active"


async def test_of_an_erased_profile_nothing_can_be_kept(site: Site, silent: Silent) -> None:
    await erasing.erase_shopper(site.settings, silent.there.affiliate_id, silent.shopper.id, NOW)
    path = link(site.settings, silent.shopper.id, site.clock.now)
    assert "This profile is gone" in (await (await site.visitor()).get(path)).text


async def _kept(silent: Silent) -> int:
    return len([row for row in await silent.there.events(silent.shopper.id) if row["action"] == "shopper.keep"])
