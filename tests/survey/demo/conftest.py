"""The demo world, built once for all modules that look at it, and somebody who looks around."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from survey.app import build
from tests.demo_world import Built, Played, built_world, played

__all__ = ["built_world", "played"]


@pytest.fixture(scope="session")
def entrance(built_world: Built) -> httpx.ASGITransport:
    """The site of the demo."""
    here = replace(built_world.settings, plain_http_cookies=True)
    return httpx.ASGITransport(app=build(here))  # type: ignore[arg-type]


@pytest.fixture
async def visitor(played: Played, entrance: httpx.ASGITransport) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who looks around the demo."""
    async with httpx.AsyncClient(transport=entrance, base_url="http://127.0.0.1") as client:
        yield client
