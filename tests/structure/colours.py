"""Colours as the stylesheet writes them, and the contrast a reader meets (WCAG 2.2, relative luminance)."""

import re
from math import cos, radians, sin
from pathlib import Path

SHEET = Path(__file__).resolve().parents[2] / "static/css/candour.css"
TOKEN = re.compile(r"--([a-z0-9-]+):light-dark\(oklch\(([^)]*)\),oklch\(([^)]*)\)\)")
Oklab = tuple[float, float, float]


def oklab_of(words: str) -> Oklab:
    """From "45% .09 205" (lightness, chroma, hue in degrees) to Oklab coordinates."""
    lightness, chroma, hue = words.split()
    angle = radians(float(hue))
    return float(lightness.rstrip("%")) / 100, float(chroma) * cos(angle), float(chroma) * sin(angle)


def tokens(scheme: str) -> dict[str, Oklab]:
    """Every colour token of the house sheet in one scheme, `light` or `dark`."""
    found = TOKEN.findall(SHEET.read_text("utf-8"))
    return {name: oklab_of(light if scheme == "light" else dark) for name, light, dark in found}


def mixed(one: Oklab, other: Oklab, share: float) -> Oklab:
    """`color-mix(in oklab, one share, other)`; share from 0 to 1."""
    return tuple(a * share + b * (1 - share) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def linear_rgb(colour: Oklab) -> tuple[float, float, float]:
    """Linear-light sRGB, not clipped: a value outside 0..1 is a colour that a screen cannot show."""
    lightness, a, b = colour
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def luminance(colour: Oklab) -> float:
    """Relative luminance, from 0 to 1."""
    red, green, blue = (min(max(channel, 0.0), 1.0) for channel in linear_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Oklab, other: Oklab) -> float:
    """From 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
