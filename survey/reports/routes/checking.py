"""Whether a signed copy is ours and unchanged: for anybody, without a cookie; and the keys to check it without us."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping

from msgspec.json import encode

from privacy.signing import public_keys
from survey.web import (
    Form,
    Limit,
    Page,
    Request,
    brand_of,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    public,
    render,
    settings_of,
)
from survey.web.page import JSON

from ..domain import CHECK_PATH, KEYS_PATH, Changed, Desk, NotACopy, Statement, Struck, UnknownKey, read_copy

ANYBODY = public("whoever was given a copy of a report may ask whether it is genuine")
LARGEST_BYTES = 2_000_000
FORM_BYTES = LARGEST_BYTES + 4096
OF_A_VISITOR = Limit("copies of reports", 30, minutes=10)
ANSWERS: Mapping[type[Exception], str] = {UnknownKey: "strange", Changed: "changed", Struck: "struck"}
NO_COPY = "This file is no signed copy. Choose one whose name ends in .signed.json, as it was downloaded"


@get_page(CHECK_PATH, ANYBODY)
async def check_page(request: Request) -> Page:
    """The form."""
    return _page(request, form_with({}))


@post_form(
    CHECK_PATH,
    ANYBODY,
    without_csrf="it changes nothing, and the answer goes to whoever sent the file",
    limit_bytes=FORM_BYTES,
    takes_files=True,
    limits=(OF_A_VISITOR,),
)
async def check_copy(request: Request) -> Page:
    """What the copy says and whether to believe it. The file is looked at and not kept."""
    form, settings = await form_of(request), settings_of(request)
    upload = form.files.get("copy")
    if upload is None:
        form.refuse("copy", "Choose the file first")
        return _page(request, form)
    try:
        raw = await asyncio.to_thread(upload.path.read_bytes)
        said = read_copy(raw, settings.known_token_keys, settings.struck_keys)
    except NotACopy:
        form.refuse("copy", NO_COPY)
        return _page(request, form)
    except (UnknownKey, Changed, Struck) as doubt:
        return _page(request, form, ANSWERS[type(doubt)])
    return _page(request, form, "genuine", said)


@get_page(KEYS_PATH, ANYBODY)
async def keys_file(request: Request) -> Page:
    """Every public key that a copy may be signed with, the one in use first: raw Ed25519 (RFC 8032), in base64.

    Beside them the names of those that were stolen.
    """
    settings = settings_of(request)
    keys = [
        {"key": name, "ed25519": b64encode(value).decode()}
        for name, value in public_keys(settings.known_token_keys).items()
        if name not in settings.struck_keys
    ]
    return Page(encode({"keys": keys, "stolen": list(settings.struck_keys)}), 200, JSON)


def desk_of(request: Request) -> Desk:
    """Where the files of this request are made."""
    settings, worn = settings_of(request), brand_of(request)
    return Desk(settings.base_url, worn.name if worn else "", settings.token_keys, now_of(request))


def _page(request: Request, form: Form, answer: str = "", said: Statement | None = None) -> Page:
    return render(
        request, "reports/check.html", 422 if form.errors else 200, form=form, errors=form.errors, answer=answer,
        said=said, site=settings_of(request).base_url, keys_path=KEYS_PATH,
    )  # fmt: skip


OPEN = (check_page, check_copy, keys_file)
