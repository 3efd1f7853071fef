"""The demo world, built once for all modules that look at it, and the site on it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest

from survey.app import build
from survey.demo.cast import Player
from survey.web.front import Front
from tests.demo_world import Built, built_world, played

__all__ = ["built_world", "played"]
PageAs = Callable[[Player, str], Awaitable[httpx.Response]]


@pytest.fixture(scope="session")
def demo_site(built_world: Built) -> Front:
    """The product's own site on the demo world."""
    return build(replace(built_world.settings, plain_http_cookies=True))


@pytest.fixture
def page_as(demo_site: Front) -> PageAs:
    """Opens a page as one of the cast."""

    async def opened(player: Player, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=demo_site)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as visitor:
            await visitor.post(f"/demo/as/{player.slug}")
            return await visitor.get(path)

    return opened
