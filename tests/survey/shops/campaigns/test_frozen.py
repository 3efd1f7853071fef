"""Pages whose settings stay once shops are published say so before anybody types."""

import asyncpg
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.conftest import World
from tests.web_client import Browser, Site

from .conftest import Planned

FROZEN = (
    ("/edit/questionnaire", "the questionnaire stays", "Save"),
    ("/scoring", "the scoring stays", "Save the scoring"),
)


@pytest.fixture
async def scheduler(site: Site, world: World) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(world.alices.affiliate_id, "scheduler")


async def looked_at(browser: Browser, url: str) -> tuple[str, list[str]]:
    """The words of a page, and of its buttons."""
    page = HTMLParser((await browser.get(url)).text)
    return page.text(), [each.text(strip=True) for each in page.css("main form button")]


@pytest.mark.parametrize(("path", "said", "button"), FROZEN)
async def test_what_stays_as_it_is_offers_nothing_to_save(
    scheduler: Browser, winter: Planned, superuser: asyncpg.Connection, path: str, said: str, button: str
) -> None:
    url = f"/campaigns/{winter.campaign_id}{path}"
    words, buttons = await looked_at(scheduler, url)
    assert (said in words, button in buttons) == (False, True)
    await superuser.execute("UPDATE field.campaign SET status = 'live' WHERE id = $1", winter.campaign_id)
    words, buttons = await looked_at(scheduler, url)
    assert (said in words, button in buttons) == (True, False)
