"""A released report, its client's people, the affiliate's staff and the shopper, each in a browser."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from survey.appeals import service
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld, shop_world
from tests.survey.releases.shops import VISIT, Approved, approved, release, tell
from tests.web_client import Browser, Site, clock, front, site

__all__ = ["clock", "front", "site"]


@dataclass(frozen=True, slots=True)
class Case:
    """A released report and everybody around it."""

    one: Approved
    report_ref: UUID
    head: Browser
    store: Browser
    editor: Browser
    shopper: Browser

    @property
    def url(self) -> str:
        """The report in the portal."""
        return f"/portal/shops/{self.report_ref}"

    async def raised(self, question: str = "clean", words: str = "We had cleaned it an hour before.") -> UUID:
        """An appeal, taken in."""
        answer = await self.store.post(
            f"{self.url}/appeal", {"question": question, "issue": "not_what_happened", "words": words}
        )
        assert answer.status_code == 303, answer.text
        await service.take_in(NOW)
        found: UUID = await self.one.there.owner.fetchval(
            "SELECT id FROM release.appeal WHERE report_ref = $1 AND question_id = $2 ORDER BY raised_at DESC",
            self.report_ref,
            question,
        )
        return found

    async def act(self, appeal_id: UUID, event: str, words: str = "") -> None:
        """What an editor does on the appeal's page."""
        answer = await self.editor.post(f"/appeals/{appeal_id}", {"event": event, "words": words})
        assert answer.status_code == 303, answer.text

    async def state_of(self, appeal_id: UUID) -> str:
        """Where an appeal stands."""
        found: str = await self.one.there.owner.fetchval("SELECT state FROM release.appeal WHERE id = $1", appeal_id)
        return found


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    await tell(made)
    return made


@pytest.fixture
async def case(site: Site, there: ShopWorld) -> Case:
    """The report of one visit, released."""
    one = await approved(there, grade=8)
    return Case(
        one,
        await release(one),
        await site.viewer(there.affiliate_id, there.client_id, there.root_id),
        await site.viewer(there.affiliate_id, there.client_id, there.store_id),
        await site.signed_in(there.affiliate_id, "editor"),
        await there.signed_in(site, one.shopper),
    )
