"""The pages of the mailbox. The web process includes them in development and in the demo, and nowhere else."""

from pathlib import Path

import msgspec
from litestar.params import FromPath

from survey.db import NotFound, paged
from survey.mail.mailbox import Caught, find_source, folder_of, messages, parsed, part_of
from survey.web import Page, Request, get_page, keyset_of, public, render, settings_of
from survey.web.page import HTML, JSON, TEXT

WHY = "nothing in here is real: mail to real people goes to a relay, and then there is no mailbox"
EML = ".eml"
MESSAGE = b"message/rfc822"
VIEWS = ("html", "text", "source")

# The page may show the message in a frame, which may do no more than open its links elsewhere.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'none'"
)
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
POLICY = "content-security-policy"
LINKS_OPEN_ELSEWHERE = '<head><base target="_blank">'


@get_page("/dev/mailbox", public(WHY))
async def mailbox_page(request: Request) -> Page:
    """The newest messages, or those to one address."""
    to = request.query_params.get("to", "")
    page = keyset_of(request)
    found = _sent_to(_folder(request), to)
    if page.after:
        found = [caught for caught in found if caught.id < str(page.after[0])]
    rows = paged(found[: page.rows_to_fetch], page, lambda caught: (caught.id,))
    return render(request, "mailbox/list.html", messages=rows.rows, next_cursor=rows.next_cursor, to=to)


@get_page("/dev/mailbox.json", public(WHY))
async def mailbox_json(request: Request) -> Page:
    """Every message, the newest first, or those to one address: for scripts."""
    found = _sent_to(_folder(request), request.query_params.get("to", ""))
    return Page(msgspec.json.encode(found), media=JSON)


@get_page("/dev/mailbox/{name:str}", public(WHY))
async def message_page(request: Request, name: FromPath[str]) -> Page:
    """One message as a page, or as the file that it is when the name ends in `.eml`."""
    if name.endswith(EML):
        return Page(_source(request, name.removesuffix(EML)), media=MESSAGE)
    source = _source(request, name)
    message = parsed(source)
    asked = request.query_params.get("view", "")
    page = render(
        request,
        "mailbox/message.html",
        id=name,
        view=asked if asked in VIEWS else VIEWS[0],
        headers={header: str(message[header] or "") for header in ("From", "To", "Subject", "Date")},
        text=part_of(message, "plain"),
        source=source.decode(errors="replace"),
    )
    return page.with_header(POLICY, PAGE_POLICY)


@get_page("/dev/mailbox/{name:str}/html", public(WHY))
async def message_html(request: Request, name: FromPath[str]) -> Page:
    """The HTML part alone, for the frame on the page."""
    html = part_of(parsed(_source(request, name)), "html")
    body = html.replace("<head>", LINKS_OPEN_ELSEWHERE, 1).encode()
    return Page(body or b"There is no HTML in this message.", media=HTML if body else TEXT).with_header(
        POLICY, FRAME_POLICY
    )


def _folder(request: Request) -> Path:
    return folder_of(settings_of(request))


def _sent_to(folder: Path, address: str) -> list[Caught]:
    found = messages(folder)
    return [caught for caught in found if caught.to == address] if address else found


def _source(request: Request, id_: str) -> bytes:
    source = find_source(_folder(request), id_)
    if source is None:
        raise NotFound("message")
    return source


ROUTES = (mailbox_page, mailbox_json, message_page, message_html)
