"""A little area that does what areas do, and some things they must not: the web kernel is tested through it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from litestar.params import FromPath

from privacy.tokens import Purpose
from survey.db import Conflict, DatabaseUnavailable, NotFound, Role, connection
from survey.web import (
    Limit,
    Page,
    Refused,
    Request,
    bearer,
    download,
    flash,
    form_of,
    get_page,
    is_partial,
    link_of,
    post_form,
    provider,
    public,
    redirect,
    render,
    scope_of,
    signed_in,
    staff,
    streamed,
    survive,
    viewer,
)

WHY = "a test"
INSERT_CLIENT = "INSERT INTO field.client (affiliate_id, name, created_at) VALUES ($1, $2, now())"


def shown(value: Any) -> Page:
    """A value as JSON text, for a test to read."""
    return Page(msgspec.json.encode(value), media=b"application/json")


async def who_asks() -> str:
    """The role this transaction runs as."""
    role: str = await connection().fetchval("SELECT current_user::text")
    return role


@get_page("/sample/open", public(WHY))
async def open_page(request: Request) -> Page:
    """Anybody, no transaction."""
    return shown({"partial": is_partial(request)})


@get_page("/sample/desk", public(WHY, role=Role.DESK))
async def desk_page(request: Request) -> Page:
    """Anybody, as the desk."""
    return shown(await who_asks())


@get_page("/sample/work", staff("manager"))
async def work_page(request: Request) -> Page:
    """Staff, within their affiliate."""
    names = await connection().fetch("SELECT name FROM field.client ORDER BY name")
    scope = scope_of(request)
    return shown(
        {
            "as": await who_asks(),
            "affiliate": scope.affiliate_id,
            "account": scope.account_id,
            "clients": [row["name"] for row in names],
        }
    )


@get_page("/sample/form", staff("manager"))
async def form_page(request: Request) -> Page:
    """A page with a form, by way of a template."""
    return render(request, "sample/form.html", words="<b>bold</b>")


@get_page("/sample/public-form", public(WHY))
async def public_form_page(request: Request) -> Page:
    """The same for anybody."""
    return render(request, "sample/form.html", words="open")


@get_page("/sample/platform", provider())
async def platform_page(request: Request) -> Page:
    """The provider's people."""
    return shown(await who_asks())


@get_page("/sample/account", signed_in())
async def account_page(request: Request) -> Page:
    """Anybody who is signed in, whatever the role."""
    return shown(await who_asks())


@get_page("/sample/second-factor", signed_in("password"))
async def halfway_page(request: Request) -> Page:
    """Somebody whose password was right."""
    return shown(await who_asks())


@get_page("/sample/link/{token:str}", bearer(WHY, purpose=Purpose.SURVEY))
async def link_page(request: Request) -> Page:
    """Whoever holds the link."""
    fence = await connection().fetchval("SELECT current_setting('app.link', true)")
    return shown({"as": await who_asks(), "link": link_of(request), "fence": fence})


@post_form("/sample/link/{token:str}", bearer(WHY, purpose=Purpose.SURVEY))
async def send_link_form(request: Request) -> Page:
    """The link's form."""
    return shown((await form_of(request)).values)


@get_page("/sample/link-form/{token:str}", bearer(WHY, purpose=Purpose.SURVEY, role=None))
async def link_form_page(request: Request) -> Page:
    """A page with the link's form."""
    return render(request, "sample/form.html", words="link")


@get_page("/sample/soon/{token:str}", bearer(WHY, purpose=Purpose.PASSWORD_RESET, role=None, is_timed=True))
async def timed_link_page(request: Request) -> Page:
    """A link that ends."""
    return shown(link_of(request))


@post_form("/sample/client", staff("manager"))
async def add_client(request: Request) -> Page:
    """Writes a row, then answers with whatever status the form asks for."""
    form = await form_of(request)
    await connection().execute(INSERT_CLIENT, scope_of(request).affiliate_id, form["name"])
    flash(request, "good", "It has been added.")
    return redirect("/sample/form") if form["status"] == "303" else Page(b"", int(form["status"]))


@get_page("/sample/secret-write", staff("manager"))
async def secret_write(request: Request) -> Page:
    """What a GET must not do."""
    await connection().execute(INSERT_CLIENT, scope_of(request).affiliate_id, "by a GET")
    return shown("written")


@get_page("/sample/audited-read", staff("manager"), writes="reading is recorded")
async def audited_read(request: Request) -> Page:
    """A GET that says that it writes."""
    await connection().execute(INSERT_CLIENT, scope_of(request).affiliate_id, "recorded")
    return shown("written")


@post_form("/sample/swallow", staff("manager"))
async def swallow(request: Request) -> Page:
    """Swallows an error of PostgreSQL, so that COMMIT cannot succeed."""
    try:
        await connection().execute("SELECT 1 / 0")
    except asyncpg.DivisionByZeroError:
        flash(request, "good", "never said")
    return redirect("/sample/form")


@post_form("/sample/refused-with-note", staff("manager"))
async def refused_with_note(request: Request) -> Page:
    """Refuses, and leaves a row all the same."""
    affiliate_id = scope_of(request).affiliate_id

    async def note() -> None:
        await connection().execute(INSERT_CLIENT, affiliate_id, "survivor")

    survive(request, note)
    await connection().execute(INSERT_CLIENT, affiliate_id, "victim")
    raise Refused("Not like this.")


@post_form("/sample/echo", public(WHY), without_csrf=WHY, limit_bytes=2000)
async def echo(request: Request) -> Page:
    """What was sent."""
    form = await form_of(request)
    return shown({"raw": form.raw, "trimmed": {name: form.all(name) for name in form}, "files": list(form.files)})


@post_form("/sample/public", public(WHY))
async def send_public(request: Request) -> Page:
    """A public form."""
    return shown("taken")


UPLOADS: list[Any] = []
NOTES: list[str] = []


@post_form("/sample/upload", staff("manager"), takes_files=True, limit_bytes=64 * 1024 * 1024)
async def upload(request: Request) -> Page:
    """Takes a file."""
    form = await form_of(request)
    taken = form.files["list"]
    UPLOADS.append(taken)
    return shown([taken.filename, taken.size_bytes, taken.path.exists(), form["note"]])


@post_form(
    "/sample/limited", public(WHY), without_csrf=WHY, limits=[Limit("sample", 2, 10), Limit("mail", 3, 10, "email")]
)
async def limited(request: Request) -> Page:
    """Twice in ten minutes, thrice for an e-mail address."""
    return shown("taken")


FAULTS = {
    "missing": NotFound("client"),
    "conflict": Conflict(),
    "refused": Refused("Your affiliate has switched this off."),
    "away": DatabaseUnavailable("no"),
    "unique": asyncpg.UniqueViolationError("duplicate key (email)=(planted-secret@person.test)"),
    "bug": RuntimeError("planted-secret@person.test"),
}


@get_page("/sample/fault/{kind:str}", public(WHY))
async def fault(request: Request, kind: FromPath[str]) -> Page:
    """Fails in the way that is asked for."""
    raise FAULTS[kind]


@get_page("/sample/thing/{thing_id:uuid}", public(WHY))
async def thing(request: Request, thing_id: FromPath[UUID]) -> Page:
    """Something with an id."""
    return shown(thing_id)


@get_page("/sample/file", public(WHY))
async def file(request: Request) -> Page:
    """A file to save."""
    return download(b"a;b\n", 'Répört "1".csv', "text/csv; charset=utf-8")


@get_page("/sample/stream", staff("manager"), streams="rows come from a cursor")
async def stream(request: Request) -> Page:
    """Rows while they are read."""

    async def rows() -> Any:
        async for row in connection().cursor("SELECT generate_series(1, 500) AS number", prefetch=50):
            yield b"%d\n" % row["number"]

    return streamed(rows(), "numbers.csv", "text/csv")


@get_page("/sample/broken-stream", staff("manager"), streams="rows come from a cursor")
async def broken_stream(request: Request) -> Page:
    """Rows, until something breaks."""

    async def rows() -> AsyncIterator[bytes]:
        yield b"1\n"
        raise RuntimeError("planted-secret@person.test")

    return streamed(rows(), "numbers.csv", "text/csv")


@post_form("/sample/declined/{token:str}", bearer(WHY, purpose=Purpose.SURVEY), without_csrf=WHY)
async def declined_with_note(request: Request) -> Page:
    """Refuses, and leaves a note behind the same fence."""

    async def note() -> None:
        NOTES.append(await connection().fetchval("SELECT current_setting('app.link', true)"))

    survive(request, note)
    raise NotFound("study")


@get_page("/sample/place/{name:str}", staff("manager"))
async def place(request: Request, name: FromPath[str]) -> Page:
    """A page whose address holds a word."""
    return shown(name)


@get_page("/portal/sample", viewer())
async def portal_page(request: Request) -> Page:
    """A client's viewer."""
    scope = scope_of(request)
    fences = await connection().fetchrow(
        "SELECT current_setting('app.client') AS client, current_setting('app.node') AS node"
    )
    return shown({"as": await who_asks(), "client": scope.client_id, "node": scope.node_path, "fences": dict(fences)})


@post_form("/portal/sample", viewer())
async def portal_form(request: Request) -> Page:
    """A viewer's form."""
    return shown("taken")


PORTAL_ROUTES = (portal_page, portal_form)
ROUTES = (
    open_page, desk_page, work_page, form_page, public_form_page, platform_page, account_page, halfway_page, link_page,
    send_link_form, link_form_page, timed_link_page, add_client, secret_write, audited_read, swallow, refused_with_note,
    echo, send_public, upload, limited, fault, thing, file, stream, broken_stream, declined_with_note, place,
)  # fmt: skip
