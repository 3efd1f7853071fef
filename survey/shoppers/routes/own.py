"""A shopper's own profile, of which everything can be seen and corrected."""

from survey.web import (
    Form,
    Page,
    Refused,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    keyset_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
    shopper,
)

from .. import forms
from ..domain import (
    COUNTRIES,
    PAYOUT_WORDS,
    SOURCE_WORDS,
    TIME_ZONES,
    UNIT_WORDS,
    WrongStatus,
    has_two_clocks,
    zone_words,
)
from ..service import conflicts, documents, fields, money, own, portraits

OWN = shopper()
PROFILE = "/shopper/profile"


@get_page(PROFILE, OWN)
async def profile_page(request: Request) -> Page:
    """Everything that is held, with a way to correct each part."""
    scope, ring = scope_of(request), settings_of(request).keyring
    return render(
        request, "shoppers/profile.html", profile=await own.own_profile(scope, ring),
        questions=await own.questions(scope), conflicts=await conflicts.own(scope, ring),
        qualifications=await own.own_qualifications(scope, ring), has_photo=await portraits.has_portrait(scope),
        fields=await fields.asked(scope), told=await fields.own_answers(scope, ring),
        payout=await money.own_payout(scope), tax=await money.own_tax(scope), today=now_of(request).date(),
        payout_words=PAYOUT_WORDS, countries=COUNTRIES,
    )  # fmt: skip


@get_page(f"{PROFILE}/details", OWN)
async def details_page(request: Request) -> Page:
    """Name, address, telephone and time zone."""
    profile = await own.own_profile(scope_of(request), settings_of(request).keyring)
    return _details_page(request, forms.own.shown_details(profile))


@post_form(f"{PROFILE}/details", OWN)
async def save_details(request: Request) -> Page:
    """Correct them."""
    form = await form_of(request)
    details = forms.own.details(form)
    if form.is_valid:
        held = await own.own_profile(scope_of(request), settings_of(request).keyring)
        forms.own.check_clock(form, held.details, details)
    if not form.is_valid:
        return _details_page(request, form, 422)
    await own.correct(scope_of(request), settings_of(request), details, now_of(request))
    return saved(request, "Your details have been saved.")


@get_page(f"{PROFILE}/questions", OWN)
async def questions_page(request: Request) -> Page:
    """What the affiliate asks, each with its reason."""
    profile = await own.own_profile(scope_of(request), settings_of(request).keyring)
    return await _questions_page(request, form_with(dict(profile.bands)))


@post_form(f"{PROFILE}/questions", OWN)
async def save_answers(request: Request) -> Page:
    """Replace the answers; what may be left out goes with an empty choice."""
    form, scope = await form_of(request), scope_of(request)
    given = forms.own.answers(form, await own.questions(scope))
    if not form.is_valid:
        return await _questions_page(request, form, 422)
    await own.answer(scope, given, now_of(request))
    return saved(request, "Your answers have been saved.")


@get_page(f"{PROFILE}/qualifications", OWN)
async def qualifications_page(request: Request) -> Page:
    """What one has, and what one can ask to have recorded."""
    scope, settings = scope_of(request), settings_of(request)
    held, kinds = await own.own_qualifications(scope, settings.keyring), await own.qualification_kinds(scope)
    known = {one.code for one in held}
    return render(
        request, "shoppers/qualifications.html", held=held, sources=SOURCE_WORDS, today=now_of(request).date(),
        kinds=[kind for kind in kinds if not kind.takes_documents and kind.code not in known],
        papers=[kind for kind in kinds if kind.takes_documents], held_codes={one.code: one for one in held},
        sent=await documents.own_documents(scope, settings), errors={},
    )  # fmt: skip


@post_form(f"{PROFILE}/qualifications", OWN)
async def ask_qualification(request: Request) -> Page:
    """Ask to have one recorded."""
    await own.ask_qualification(scope_of(request), (await form_of(request))["qualification"], now_of(request))
    flash(request, "good", "Asked. The company tells you how to show your document.")
    return redirect(f"{PROFILE}/qualifications")


@post_form(f"{PROFILE}/pause", OWN)
async def pause(request: Request) -> Page:
    """Be offered nothing for a while."""
    try:
        await own.pause(scope_of(request), now_of(request))
    except WrongStatus as wrong:
        raise Refused(wrong.text) from None
    return saved(request, "Paused. You are offered nothing until you come back; what you have taken stays yours.")


@post_form(f"{PROFILE}/resume", OWN)
async def resume(request: Request) -> Page:
    """Be offered shops again."""
    try:
        await own.resume(scope_of(request), now_of(request))
    except WrongStatus as wrong:
        raise Refused(wrong.text) from None
    return saved(request, "Welcome back. You are offered shops again.")


@get_page(f"{PROFILE}/looks", OWN)
async def looks_page(request: Request) -> Page:
    """Who looked at the profile, and why."""
    page = await own.own_looks(scope_of(request), keyset_of(request))
    zone = await own.clock(scope_of(request))
    return render(request, "shoppers/looks.html", rows=page.rows, next_cursor=page.next_cursor, zone=zone)


@get_page(f"{PROFILE}/agreement", OWN)
async def own_agreement_page(request: Request) -> Page:
    """The agreement that one has accepted, word for word."""
    profile = await own.own_profile(scope_of(request), settings_of(request).keyring)
    agreement = await own.accepted_agreement(scope_of(request), profile.agreement_version)
    zone = await own.clock(scope_of(request))
    return render(request, "shoppers/own_agreement.html", profile=profile, agreement=agreement, zone=zone)


def saved(request: Request, text: str) -> Page:
    """Back to the profile, with a word that it is done."""
    flash(request, "good", text)
    return redirect(PROFILE)


def _details_page(request: Request, form: Form, status: int = 200) -> Page:
    choices = {"countries": list(COUNTRIES.items()), "zones": [(zone, zone_words(zone)) for zone in TIME_ZONES]}
    return render(
        request, "shoppers/details.html", status, form=form, errors=form.errors, units=list(UNIT_WORDS.items()),
        has_two_clocks=has_two_clocks(form["country"], form["region"]), **choices,
    )  # fmt: skip


async def _questions_page(request: Request, form: Form, status: int = 200) -> Page:
    questions = await own.questions(scope_of(request))
    return render(request, "shoppers/questions.html", status, questions=questions, form=form, errors=form.errors)
