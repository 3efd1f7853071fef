"""How a shopper says where they start from."""

import math

from survey.web import Form, form_with

from ..domain import Address, Coordinates, Sought, View, is_on_earth
from .registering import LONGEST_CODE, LONGEST_LINE

NOT_THERE = "That is beside the map. Tap on the picture itself"
BY_KEY = "The picture takes a tap or a click. With a keyboard, move the map and keep its middle, or use a postal code"


def shown(held: Address, form: Form | None = None) -> Form:
    """What the page begins with: the address that is on file, but for what somebody has typed."""
    form = form or form_with({})
    if "city" not in form:
        form.raw |= {"postal_code": [held.postal_code], "city": [held.city], "region": [held.region]}
    return form


def sought(form: Form, country: str) -> Sought:
    """A postal code, a town, or both."""
    code, city, region = (" ".join(form[name].split()) for name in ("postal_code", "city", "region"))
    if not code and not city:
        form.refuse("postal_code", "Enter a postal code, or a town and its state or county")
    for name, text, longest in (
        ("postal_code", code, LONGEST_CODE),
        ("city", city, LONGEST_LINE),
        ("region", region, LONGEST_LINE),
    ):
        if len(text) > longest or not text.isprintable():
            form.refuse(name, f"Use at most {longest} characters")
    return Sought(code, city, region, country)


def tapped(form: Form, view: View) -> Coordinates | None:
    """What lies under a tap, or in the middle where that button was pressed; a message where that is nowhere."""
    if "middle" in form:
        return view.latitude, view.longitude
    x, y = _number(form["spot.x"]), _number(form["spot.y"])
    # A browser sends the corner where a picture's button was pressed by key.
    if x == y == 0:
        form.refuse("spot", BY_KEY)
        return None
    point = None if x is None or y is None else view.tapped(x, y)
    if point is None:
        form.refuse("spot", NOT_THERE)
    return point


def numbers(form: Form) -> Coordinates | None:
    """Latitude and longitude as somebody typed them."""
    north, east = _number(form["latitude"]), _number(form["longitude"])
    if north is None or not is_on_earth((north, 0)):
        form.refuse("latitude", "Enter degrees between -90 and 90, like 39.96")
    if east is None or not is_on_earth((0, east)):
        form.refuse("longitude", "Enter degrees between -180 and 180, like -83.00")
    return (north, east) if north is not None and east is not None and form.is_valid else None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
