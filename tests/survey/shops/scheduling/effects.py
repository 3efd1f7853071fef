"""Acts on many shops as a scheduler does them: look at the effects, then send their form."""

from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.web_client import Browser

EFFECTS = 'form[action="/shops/bulk/do"]'


def text_of(html: str) -> str:
    """The words of a page."""
    return " ".join(HTMLParser(html).text().split())


def form_of(html: str) -> dict[str, list[str]]:
    """The fields of the form below the effects; none where there is nothing to do."""
    form = HTMLParser(html).css_first(EFFECTS)
    sent: dict[str, list[str]] = {}
    for each in form.css("input") if form else ():
        sent.setdefault(str(each.attributes["name"]), []).append(each.attributes["value"] or "")
    return sent


async def effects(browser: Browser, fields: Mapping[str, object]) -> str:
    """The page of effects."""
    answer = await browser.post("/shops/bulk/preview", fields)
    assert answer.status_code == 200, answer.text
    return answer.text


async def preview(browser: Browser, fields: Mapping[str, object]) -> str:
    """The words of the page of effects."""
    return text_of(await effects(browser, fields))


async def shown(browser: Browser, fields: Mapping[str, object]) -> dict[str, list[str]]:
    """The form below the effects, as it would be sent."""
    sent = form_of(await effects(browser, fields))
    assert sent, "there is nothing to do"
    return sent


async def send(browser: Browser, sent: Mapping[str, object]) -> str:
    """Do what was shown; the path of the result."""
    answer = await browser.post("/shops/bulk/do", {name: value for name, value in sent.items() if name != "csrf"})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


async def do(browser: Browser, fields: Mapping[str, object]) -> str:
    """Look at the effects and do them; the path of the result."""
    return await send(browser, await shown(browser, fields))
