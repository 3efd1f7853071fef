"""The walk finds what it looks for: a page with every fault, served to it in place of one of the site's."""

import pytest
from playwright.async_api import Browser, Route

from tests.chromium import CHROMIUM

from .walk import DESK, Manner, walking

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: the walk was not tried"),
]
ORIGIN = "http://127.0.0.1:9"
POLICY = "default-src 'none'; img-src *"
PAGE = f"""<!DOCTYPE html><html lang="en"><title>Faults</title><main><h1>Faults</h1>
<img src="http://127.0.0.2:9/spy.gif"><script>alert(1)</script>
<p>{"unbreakable" * 5}</p></main></html>"""


async def answer(route: Route) -> None:
    await route.fulfill(body=PAGE, headers={"content-type": "text/html", "content-security-policy": POLICY})


@pytest.mark.parametrize("has_scripts", [True, False])
async def test_every_kind_of_fault_is_found(browser: Browser, has_scripts: bool) -> None:
    async with walking(browser, ORIGIN, Manner(DESK, has_scripts)) as walk:
        await walk.page.route(f"{ORIGIN}/*", answer)
        await walk.open("/faults")
        found = "\n".join(walk.faults)
    assert "/faults: image-alt" in found
    assert "too wide for 320" in found
    assert "asked 127.0.0.2:9" in found
    assert "Content Security Policy" in found or not has_scripts
