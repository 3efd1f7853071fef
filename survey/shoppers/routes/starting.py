"""Where a shopper starts from: worked out from a postal code, picked on a map of our own, or typed."""

from collections.abc import Sequence

from survey.clients.domain import Chart, Point, drawn
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
)
from survey.web.headers import MAY_ASK_WHERE
from survey.web.rendering import renderer_of

from .. import forms
from ..domain import COUNTRIES, Coordinates, Profile, Town, View, Way, distance_words, nearest_town, view_of, view_on
from ..service import own, starting
from .own import OWN, PROFILE

START = f"{PROFILE}/start"
SVG = b"image/svg+xml"
NOWHERE = "We know no place by that code or town. Tap the map, or type a larger town close by with its state or county"


@get_page(START, OWN)
async def start_page(request: Request) -> Page:
    """What is kept, and the ways to say it. The piece of the map that is shown stands in the address."""
    return await _page(request, await _profile(request), form_with({}), _asked(request))


@get_page(f"{START}/map", OWN)
async def start_map(request: Request) -> Page:
    """The map as a picture: our own towns, the middle, and what is kept."""
    towns, profile = await starting.towns(scope_of(request)), await _profile(request)
    view = _asked(request) or view_on(_points(towns)) or View(0, 0, 0)
    context = {"chart": _chart(towns, view), "home": _placed(view, profile.point), "view": view}
    return Page(renderer_of(request).text("shoppers/_start_map.svg", context).encode(), 200, SVG)


@post_form(f"{START}/near", OWN)
async def start_near(request: Request) -> Page:
    """Work it out from a postal code or a town."""
    form, profile, scope = await form_of(request), await _profile(request), scope_of(request)
    sought = forms.starting.sought(form, profile.details.address.country)
    guess = await starting.worked_out(scope, sought) if form.is_valid else None
    if guess is None:
        form.refuse("postal_code" if sought.postal_code else "city", NOWHERE)
        return await _page(request, profile, form, None, 422)
    await starting.keep(scope, guess.point, Way.ADDRESS, now_of(request))
    flash(
        request,
        "good",
        f"Kept: {guess.words}. It may be off by about {guess.reach(profile.details.units)}; the map can correct it.",
    )
    return redirect(START)


@post_form(f"{START}/map", OWN)
async def start_tap(request: Request) -> Page:
    """Come closer to where somebody has tapped, or keep it once the map is close enough."""
    form, profile = await form_of(request), await _profile(request)
    view = view_of(form["at"], form["zoom"])
    if view is None:
        form.refuse("spot", forms.starting.NOT_THERE)
    point = forms.starting.tapped(form, view) if view else None
    if view is None or point is None:
        return await _page(request, profile, form, view, 422)
    if not view.is_fine:
        return redirect(f"{START}?{view.around(point).query}#map")
    return await _kept(request, point, Way.MAP)


@post_form(f"{START}/numbers", OWN)
async def start_numbers(request: Request) -> Page:
    """Type latitude and longitude."""
    form, profile = await form_of(request), await _profile(request)
    point = forms.starting.numbers(form)
    if point is None:
        return await _page(request, profile, form, None, 422)
    return await _kept(request, point, Way.NUMBERS)


@post_form(f"{START}/remove", OWN)
async def start_remove(request: Request) -> Page:
    """Keep no place any more."""
    await starting.forget(scope_of(request), now_of(request))
    flash(request, "good", "Removed. We do not know any more where you start from.")
    return redirect(START)


async def _kept(request: Request, point: Coordinates, way: Way) -> Page:
    await starting.keep(scope_of(request), point, way, now_of(request))
    flash(request, "good", "Kept, to about a kilometre. Distances on the job board count from here.")
    return redirect(START)


async def _profile(request: Request) -> Profile:
    return await own.own_profile(scope_of(request), settings_of(request).keyring)


async def _page(request: Request, profile: Profile, form: Form, view: View | None, status: int = 200) -> Page:
    towns = await starting.towns(scope_of(request))
    view = view or view_on(_points(towns))
    nearest = nearest_town(towns, profile.point) if profile.point else None
    towards = nearest_town(towns, (view.latitude, view.longitude)) if view else None
    held = profile.details.address
    return render(
        request, "shoppers/start.html", status, profile=profile, errors=form.errors, view=view,
        form=forms.starting.shown(held, form),
        chart=_chart(towns, view) if view else None, nearest=nearest, towards=towards,
        country=COUNTRIES.get(held.country, held.country),
        distance=lambda km: distance_words(km, profile.details.units),
    ).with_header("permissions-policy", MAY_ASK_WHERE)  # fmt: skip


def _asked(request: Request) -> View | None:
    return view_of(request.query_params.get("at", ""), request.query_params.get("zoom", ""))


def _points(towns: Sequence[Town]) -> list[Point]:
    return [Point(town.latitude, town.longitude, town.city) for town in towns]


def _chart(towns: Sequence[Town], view: View) -> Chart:
    return drawn(_points(towns), view.frame)


def _placed(view: View, point: Coordinates | None) -> Coordinates | None:
    """Where the point that is kept comes to lie on the picture; None where it is not on it."""
    x, y = view.frame.place(*point) if point else (-1.0, -1.0)
    return (x, y) if 0 <= x <= view.frame.width and 0 <= y <= view.frame.height else None
