"""Whether a signed copy, or a file with its signature, is ours: for anybody, without a cookie; and the public keys."""

from base64 import b64encode
from collections.abc import Mapping

from msgspec.json import encode

from privacy.signing import public_keys
from survey.web import (
    Form,
    Limit,
    Page,
    Request,
    TooLarge,
    form_of,
    form_with,
    get_page,
    post_form,
    public,
    render,
    settings_of,
)
from survey.web.page import JSON

from .. import service
from ..domain import (
    CHECK_PATH,
    KEYS_PATH,
    Changed,
    FileMissing,
    NotACopy,
    OtherFile,
    Statement,
    Struck,
    UnknownKey,
    Unsigned,
)

ANYBODY = public("whoever was given a copy of a report may ask whether it is genuine")
LARGEST_BYTES = 2_000_000
LARGEST_FILE_BYTES = 40_000_000
FORM_BYTES = LARGEST_BYTES + LARGEST_FILE_BYTES + 4096
OF_A_VISITOR = Limit("copies of reports", 30, minutes=10)
NO_COPY = (
    "This is no signed copy and no signature. Choose one whose name ends in .signed.json or .signature.json, as it "
    "was downloaded"
)
NOTHING = "Choose the signed copy or the signature first"
ALONE = (
    "Choose the signature that came with the file. A file alone does not tell whether it is ours: ask for the ZIP with "
    "which it was downloaded"
)
NO_FILE = "Choose the file too: this signature is of a file, and says nothing without it"
NOT_OF_IT = "A signed copy stands for itself and says nothing of another file. Choose the file’s own signature"
REFUSALS: Mapping[type[Exception], tuple[str, str]] = {
    NotACopy: ("copy", NO_COPY),
    FileMissing: ("file", NO_FILE),
    Unsigned: ("copy", NOT_OF_IT),
}
ANSWERS: Mapping[type[Exception], str] = {
    UnknownKey: "strange",
    Changed: "changed",
    Struck: "struck",
    OtherFile: "other",
}


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
    """What was signed and whether to believe it. The files are looked at and not kept."""
    form = await form_of(request)
    copy, file = form.files.get("copy"), form.files.get("file")
    if copy is None:
        form.refuse("copy", ALONE if file else NOTHING)
        return _page(request, form)
    if copy.size_bytes > LARGEST_BYTES:
        raise TooLarge(LARGEST_BYTES)
    try:
        said = await service.checked(settings_of(request), copy.path, file.path if file else None)
    except tuple(REFUSALS) as refusal:
        form.refuse(*REFUSALS[type(refusal)])
        return _page(request, form)
    except tuple(ANSWERS) as doubt:
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


def _page(request: Request, form: Form, answer: str = "", said: Statement | None = None) -> Page:
    return render(
        request, "reports/check.html", 422 if form.errors else 200, form=form, errors=form.errors, answer=answer,
        said=said, word="signature" if "file" in form.files else "copy", site=settings_of(request).base_url,
        keys_path=KEYS_PATH, most_megabytes=LARGEST_FILE_BYTES // 1_000_000,
    )  # fmt: skip


OPEN = (check_page, check_copy, keys_file)
