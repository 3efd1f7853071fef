"""Whether a message is ours: for anybody, without a cookie or a script, and with nothing of it in a log."""

from privacy.crypto import sha256
from survey.db import Role
from survey.mail.domain import read_code
from survey.mail.domain.codes import LONGEST_TYPED
from survey.mail.envelope import CHECK_PATH, typed_address
from survey.mail.tables import CODES
from survey.rights.service import checking
from survey.web import (
    Form,
    Limit,
    Page,
    Request,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    public,
    render,
    settings_of,
)
from survey.web.throttle import count

EVERYBODY = public("whoever got a message in our name may ask whether it is ours", role=Role.DESK)
LONGEST_ADDRESS = 254
FORM_BYTES = 4096
OF_A_VISITOR = Limit("codes of messages", 30, minutes=10)
# Nobody guesses sixty bits; but whoever holds a code could try addresses on it, from wherever.
OF_A_CODE = Limit("addresses tried on a code", 10, minutes=60)


@get_page(CHECK_PATH, EVERYBODY)
async def check_page(request: Request) -> Page:
    """The form. A code in the address fills it in and does nothing more."""
    return await _page(request, form_with({"code": request.query_params.get("code", "")[:LONGEST_TYPED]}))


@post_form(
    CHECK_PATH,
    EVERYBODY,
    without_csrf="it changes nothing, and the answer goes to whoever typed the code",
    limit_bytes=FORM_BYTES,
    limits=(OF_A_VISITOR,),
)
async def check_message(request: Request) -> Page:
    """What is known of a code, and whether the message went to the address, if one was typed."""
    form, settings = await form_of(request), settings_of(request)
    if not form["code"].strip():
        form.refuse("code", "Type the code that stands below the message")
        return await _page(request, form, 422)
    address = form["address"].strip()[:LONGEST_ADDRESS]
    is_left_out = bool(address) and await _is_tried_too_often(request, form["code"])
    found = await checking.checked(settings, form["code"], "" if is_left_out else address, now_of(request).date())
    answer = "genuine" if found else "unknown"
    return await _page(request, form, answer=answer, found=found, is_address_left_out=is_left_out)


async def _is_tried_too_often(request: Request, typed: str) -> bool:
    """Count an address that is tried on a code. Whoever comes too late still hears whether the code is ours: one that
    stands in a message forged for thousands is asked for by many.
    """
    code = read_code(typed)
    return code is not None and await count(request, OF_A_CODE, sha256(code.encode()).hex()) > 0


async def _page(request: Request, form: Form, status: int = 200, **answer: object) -> Page:
    shown = {"answer": "", "found": None, "is_address_left_out": False} | answer
    return render(
        request,
        "rights/check_mail.html",
        status,
        form=form,
        errors=form.errors,
        typed=typed_address(settings_of(request).base_url),
        site=settings_of(request).base_url,
        kept_days=CODES.days,
        report_url=await checking.report_url(form["code"]),
        **shown,
    )
