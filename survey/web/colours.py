"""Contrast, and the tones of one accent in the light and in the dark. Pure.

Contrast is WCAG's: relative luminance and (L1 + 0.05) / (L2 + 0.05), https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio,
held against success criterion 1.4.3 (4.5:1 for text). Mixing as CSS does it: https://www.w3.org/TR/css-color-4/#ok-lab.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin

from survey.mail.domain.letters import COLOUR

ENOUGH = 4.5
TINT = 0.09  # how much of the accent is in the ground of what it marks
DEEPER = 0.55  # of the light of the accent: what is pressed
HALVINGS = 24
FAINT = 0.001  # by how much a channel may leave the screen before anybody sees it

Light = tuple[float, float, float]  # red, green, blue in linear light, from 0 to 1

# The grounds of static/css/candour.css in OKLCH, and the words on a button; a test holds them to the sheet.
GROUNDS: Mapping[str, Mapping[str, str]] = {
    "light": {"paper": "98.5% .004 90", "raised": "100% 0 90", "sunk": "96% .006 90", "on-accent": "99% .004 90"},
    "dark": {"paper": "20% .01 250", "raised": "23.5% .012 250", "sunk": "17.5% .01 250", "on-accent": "20% .02 205"},
}
USES: Mapping[str, str] = {
    "paper": "as a link on our pages",
    "raised": "as a link on a card",
    "sunk": "as a link on a darker ground",
    "tint": "as a link on a ground tinted with it",
    "on-accent": "under the words of a button",
}


@dataclass(frozen=True, slots=True)
class Tones:
    """An accent in one scheme, and what is pressed: six hexadecimal digits each."""

    accent: str
    deep: str


@dataclass(frozen=True, slots=True)
class Weakest:
    """Where an accent is read worst: its contrast to one, and the use in words."""

    ratio: float
    use: str

    @property
    def is_enough(self) -> bool:
        """Whether it can be read everywhere."""
        return self.ratio >= ENOUGH


def digits_of(text: str) -> str | None:
    """`#0B5C67` or `0b5c67` as six small digits; None for anything else."""
    digits = text.strip().removeprefix("#").lower()
    return digits if COLOUR.fullmatch(digits) else None


def luminance(digits: str) -> float:
    """Relative luminance of six hexadecimal digits, from 0 (black) to 1 (white)."""
    return _luminance(_linear(digits))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21; the order does not matter."""
    return _contrast(luminance(one), luminance(other))


def weakest_of(digits: str, scheme: str = "light") -> Weakest:
    """The worst contrast of an accent in a scheme (light, dark): as a link on each ground, and on a button."""
    accent = _linear(digits)
    own, grounds = _luminance(accent), _grounds(scheme)
    tint = _from_oklab(_mixed(_to_oklab(accent), _to_oklab(grounds["raised"]), TINT))
    ratios = {name: _contrast(own, _luminance(ground)) for name, ground in (grounds | {"tint": tint}).items()}
    name = min(ratios, key=ratios.__getitem__)
    return Weakest(ratios[name], USES[name])


def darker_until_enough(digits: str) -> str:
    """The nearest darker tone of a colour that can be read in the light: itself, if it can."""
    if weakest_of(digits).is_enough:
        return digits
    light, least, most = _linear(digits), 0.0, 1.0
    for _ in range(HALVINGS):
        share = (least + most) / 2
        if weakest_of(_dimmed(light, share)).is_enough:
            least = share
        else:
            most = share
    return _dimmed(light, least)


@lru_cache(maxsize=512)
def tones_of(digits: str) -> Mapping[str, Tones]:
    """An accent and what is pressed, by scheme. In the dark it is as much lighter as it has to be."""
    light = _linear(digits)
    dark = _paler_until_enough(light)
    return {
        "light": Tones(digits, _dimmed(light, DEEPER)),
        "dark": Tones(dark, _paled(_linear(dark), 0.4)),
    }


def _paler_until_enough(light: Light) -> str:
    if weakest_of(_paled(light, 0), "dark").is_enough:
        return _paled(light, 0)
    least, most = 0.0, 1.0
    for _ in range(HALVINGS):
        share = (least + most) / 2
        if weakest_of(_paled(light, share), "dark").is_enough:
            most = share
        else:
            least = share
    return _paled(light, most)


def _dimmed(light: Light, share: float) -> str:
    """The same hue and saturation with a share of the light: every channel is scaled, so none leaves the screen."""
    return _written(tuple(channel * share for channel in light))


def _paled(light: Light, share: float) -> str:
    """Nearer to white by a share of the way, in the same hue, and as colourful as a screen can show it there."""
    lightness, a, b = _to_oklab(light)
    lifted = lightness + (1 - lightness) * share
    least, most = 0.0, 1.0
    for _ in range(HALVINGS if share else 0):
        kept = (least + most) / 2
        if all(-FAINT <= channel <= 1 + FAINT for channel in _unbounded((lifted, a * kept, b * kept))):
            least = kept
        else:
            most = kept
    return _written(_from_oklab((lifted, a * most, b * most)))


@lru_cache(maxsize=2)
def _grounds(scheme: str) -> dict[str, Light]:
    return {name: _from_oklab(_oklab_of(words)) for name, words in GROUNDS[scheme].items()}


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(light: Light) -> float:
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def _linear(digits: str) -> Light:
    red, green, blue = (_opened(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return red, green, blue


def _opened(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _written(light: tuple[float, ...]) -> str:
    return "".join(f"{round(_closed(min(max(channel, 0.0), 1.0)) * 255):02x}" for channel in light)


def _closed(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else float(1.055 * channel ** (1 / 2.4) - 0.055)


def _mixed(one: Light, other: Light, share: float) -> Light:
    mixed = [a * share + b * (1 - share) for a, b in zip(one, other, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def _oklab_of(words: str) -> Light:
    """From "45% .09 205" (lightness, chroma, hue in degrees) to Oklab's three."""
    lightness, chroma, hue = words.split()
    angle = radians(float(hue))
    return float(lightness.rstrip("%")) / 100, float(chroma) * cos(angle), float(chroma) * sin(angle)


def _to_oklab(light: Light) -> Light:
    red, green, blue = light
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(colour: Light) -> Light:
    red, green, blue = (min(max(channel, 0.0), 1.0) for channel in _unbounded(colour))
    return red, green, blue


def _unbounded(colour: Light) -> Light:
    """Linear light, also of colours that no screen can show."""
    lightness, a, b = colour
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
