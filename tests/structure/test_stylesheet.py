"""What the stylesheets promise: small, in layers, readable in both schemes, sideless, nothing from elsewhere."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.structure.colours import Oklab, contrast, linear_rgb, luminance, mixed, tokens

STATIC = Path(__file__).resolve().parents[2] / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
HOUSE = ("candour.css", "survey.css")
HOUSE_BYTES = 15 * 1024
AREA_BYTES = 7 * 1024
TINT = 0.09
STEPS = {"heat-1": 0.09, "heat-2": 0.25, "heat-3": 0.43, "heat-4": 0.74, "heat-5": 1.0}
STATES = ("accent", "good", "attention", "danger", "quiet")
TEXT, CONTROL = 4.6, 3.0

GROUNDS = ("paper", "raised", "sunk", "tint-accent")
ON_TEXT = [
    *[("ink", ground) for ground in (*GROUNDS, *[f"tint-{state}" for state in STATES])],
    *[("quiet", ground) for ground in GROUNDS],
    *[(state, f"tint-{state}") for state in STATES],
    *[(state, ground) for state in ("accent", "deep", "danger") for ground in GROUNDS],
    *[("good", "raised"), ("danger", "tint-danger"), ("ink", "line")],
    *[("on-accent", "accent"), ("on-accent", "deep")],
    *[("ink", "heat-1"), ("ink", "heat-2"), ("ink", "heat-3"), ("on-accent", "heat-4"), ("on-accent", "heat-5")],
    *[("ink", "amber"), ("ink", "line"), ("on-accent", "accent")],
]
ON_CONTROLS = [
    *[(edge, ground) for edge in ("edge", "accent", "danger", "ink") for ground in ("paper", "raised")],
    *[("edge", "sunk"), ("accent", "line"), ("accent", "tint-accent"), ("quiet", "raised")],
]


def css(name: str) -> str:
    """A sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", (STATIC / "css" / name).read_text("utf-8"), flags=re.DOTALL)


def palette(scheme: str) -> dict[str, Oklab]:
    """Tokens, and what the sheet mixes from them."""
    known = tokens(scheme)
    tints = {f"tint-{state}": mixed(known[state], known["raised"], TINT) for state in STATES}
    return known | tints | {step: mixed(known["deep"], known["raised"], share) for step, share in STEPS.items()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_on_its_ground(scheme: str) -> None:
    known = palette(scheme)
    ratios = {f"{text} on {ground}": round(contrast(known[text], known[ground]), 2) for text, ground in ON_TEXT}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_control_stands_out_from_its_ground(scheme: str) -> None:
    known = palette(scheme)
    ratios = {f"{edge} on {ground}": round(contrast(known[edge], known[ground]), 2) for edge, ground in ON_CONTROLS}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < CONTROL} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_body_text_is_far_above_the_law(scheme: str) -> None:
    known = tokens(scheme)
    assert contrast(known["ink"], known["paper"]) >= 14


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_steps_of_a_heat_map_differ_in_lightness_alone(scheme: str) -> None:
    known = palette(scheme)
    steps = [luminance(known[step]) for step in STEPS]
    ratios = [(max(a, b) + 0.05) / (min(a, b) + 0.05) for a, b in pairwise(steps)]
    assert steps == sorted(steps, reverse=scheme == "light")
    assert min(ratios) >= 1.2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_token_is_a_colour_that_screens_can_show(scheme: str) -> None:
    assert {
        name: channel
        for name, colour in tokens(scheme).items()
        for channel in linear_rgb(colour)
        if not -0.02 <= channel <= 1.02
    } == {}


def test_every_colour_token_is_in_the_table_of_contrasts() -> None:
    judged = {name for pair in (*ON_TEXT, *ON_CONTROLS) for name in pair}
    assert set(tokens("light")) - judged == set()


def test_the_mixes_of_this_test_are_those_of_the_sheet() -> None:
    sheet = css("candour.css")
    written = {f"heat-{step}": int(share) / 100 for step, share in re.findall(r"\.heat-(\d)\{--step:(\d+)%\}", sheet)}
    assert written == STEPS
    assert f"--tint:color-mix(in oklab,var(--kind) {TINT:.0%},var(--raised))" in sheet
    assert "color-mix(in oklab,var(--deep) var(--step),var(--raised))" in sheet
    assert sheet.count("color-mix(") == 2


def test_the_house_sheets_stay_under_15_kilobytes() -> None:
    assert sum((STATIC / "css" / name).stat().st_size for name in HOUSE) <= HOUSE_BYTES


def test_what_an_area_adds_for_itself_stays_small() -> None:
    extra = {sheet.name: sheet.stat().st_size for sheet in SHEETS if sheet.name not in HOUSE}
    assert {name: size for name, size in extra.items() if size > AREA_BYTES} == {}


def test_the_layers_are_declared_before_anything_else() -> None:
    assert css("candour.css").strip().startswith("@layer tokens,base,components,areas;")
    assert all(css(sheet.name).strip().startswith("@layer areas") for sheet in SHEETS if sheet.name != "candour.css")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_rule_knows_left_from_right(sheet: Path) -> None:
    sides = r"(?:(?:margin|padding|border)-)?(?:left|right)\b[^:;}]*:"
    sided = rf"[{{;\s]{sides}|(?:float|text-align)\s*:\s*(?:left|right)"
    assert re.findall(sided, css(sheet.name)) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_variable_is_one_that_the_house_defines(sheet: Path) -> None:
    defined = set(re.findall(r"(--[a-z0-9-]+)\s*:", css("candour.css") + css(sheet.name)))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", css(sheet.name))) - defined == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_file_that_a_sheet_names_is_our_own_and_there(sheet: Path) -> None:
    named = re.findall(r"url\(([^)]+)\)", css(sheet.name))
    assert [name for name in named if not (sheet.parent / name).resolve().is_file()] == []
    assert "@import" not in css(sheet.name)


def test_motion_waits_for_those_who_like_it() -> None:
    moving = [sheet.name for sheet in SHEETS if re.search(r"\b(?:transition|animation)\b", css(sheet.name))]
    assert [name for name in moving if "prefers-reduced-motion" not in css(name)] == []


def test_fonts_and_icons_carry_their_licences() -> None:
    assert "SIL Open Font License" in (STATIC / "fonts/LICENSE-inter.txt").read_text("utf-8")
    assert "ISC License" in (STATIC / "LICENSE-icons.txt").read_text("utf-8")


def test_the_script_is_short_and_writes_no_markup() -> None:
    script = (STATIC / "js/app.js").read_text("utf-8")
    assert len(script.splitlines()) <= 60
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacent|eval\(|Function\(|localStorage|document\.write", script) == []
    )
