"""Somebody's browser on the site: it opens and sends pages, and looks hard at each of them."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, Request, ViewportSize

DESK = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
NARROW_PIXELS = (390, 320)
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
RELOAD_SECONDS, RELOADS_SECONDS = 0.5, 90
SECRET = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[\w.-]{24,}")


@dataclass(frozen=True, slots=True)
class Manner:
    """What somebody has in front of them."""

    size: ViewportSize
    has_scripts: bool

    @property
    def name(self) -> str:
        """As an address takes it."""
        return f"{'phone' if self.size is PHONE else 'desk'}-{'scripts' if self.has_scripts else 'plain'}"


MANNERS = tuple(Manner(size, has_scripts) for size in (DESK, PHONE) for has_scripts in (True, False))


@dataclass
class Walk:
    """One browser. faults: what was wrong on the pages it has been to; seen: which pages those were.

    glass: where scripts run, if they do not in `page`; axe is a script, and looks at a copy there.
    """

    page: Page
    origin: str
    glass: Page | None = None
    faults: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    async def open(self, path: str, status: int = 200) -> None:
        """Go to an address of the site. status: what it has to answer; Chromium grumbles about all but good ones."""
        answer = await self.page.goto(f"{self.origin}{path}" if path.startswith("/") else path)
        await self.look()
        if answer is None or answer.status != status:
            self.faults.append(f"{self.seen[-1]}: answered {answer and answer.status}")
        if status != 200:
            self.faults = [fault for fault in self.faults if f"status of {status} " not in fault]

    async def press(self, name: str, within: Page | Locator | None = None) -> None:
        """Press the button, or follow the link, that is called so."""
        place = within or self.page
        wanted = place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name)).first
        async with self.page.expect_navigation():
            await wanted.click()
        await self.look()

    async def arrive(self, text: str) -> None:
        """Wait for what a job in the background brings; a page with scripts looks by itself, others are reloaded."""
        awaited = self.page.get_by_role("heading", name=text).or_(self.page.get_by_text(text, exact=True)).first
        if self.glass is not None:
            async with asyncio.timeout(RELOADS_SECONDS):
                while not await awaited.is_visible():
                    await asyncio.sleep(RELOAD_SECONDS)
                    await self.page.reload()
        await awaited.wait_for()
        await self.look()

    async def look(self) -> None:
        """Axe, and whether anything runs over the edge: here, on a phone, and on the narrowest of phones."""
        place = SECRET.sub("…", urlsplit(self.page.url).path)
        self.seen.append(place)
        found = (await Axe().run(await self._for_axe())).response["violations"]
        self.faults += [f"{place}: {rule['id']} {node['target']}" for rule in found for node in rule["nodes"]]
        usual = self.page.viewport_size or DESK
        for width in dict.fromkeys((usual["width"], *NARROW_PIXELS)):
            await self.page.set_viewport_size(ViewportSize(width=width, height=usual["height"]))
            if (over := await self.page.evaluate(OVERFLOW)) > 0:
                self.faults.append(f"{place}: {over} pixels too wide for {width}")
        await self.page.set_viewport_size(usual)

    async def _for_axe(self) -> Page:
        if self.glass is None:
            return self.page
        copied = await self.page.content()
        await self.glass.unroute_all()
        await self.glass.route(
            self.page.url.partition("#")[0],
            lambda route: route.fulfill(body=copied, content_type="text/html; charset=utf-8"),
        )
        await self.glass.goto(self.page.url.partition("#")[0])
        return self.glass

    def heard(self, request: Request) -> None:
        """Nothing is asked of anybody but the site itself."""
        if not request.url.startswith((f"{self.origin}/", "data:")):
            self.faults.append(f"asked {urlsplit(request.url).netloc}")

    def watch(self, context: BrowserContext) -> None:
        """Listen for whatever the pages ask for and complain about."""
        context.on("request", self.heard)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on(
            "console",
            lambda said: self.faults.append(f"console: {said.text}") if said.type in ("error", "warning") else None,
        )


@asynccontextmanager
async def walking(browser: Browser, origin: str, manner: Manner) -> AsyncIterator[Walk]:
    """A browser that nobody has used yet."""
    context = await browser.new_context(
        viewport=manner.size,
        has_touch=manner.size is PHONE,
        java_script_enabled=manner.has_scripts,
        color_scheme="light",
    )
    context.set_default_timeout(60_000)
    walk = Walk(await context.new_page(), origin)
    walk.watch(context)
    try:
        if manner.has_scripts:
            yield walk
        else:
            walk.glass = await browser.new_page(viewport=manner.size, color_scheme="light")
            yield walk
            await walk.glass.close()
    finally:
        await context.close()
