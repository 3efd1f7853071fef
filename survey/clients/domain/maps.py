"""A map without tiles: points on the earth to places on a drawing, merged where they would cover each other. Pure.

Equirectangular with the middle parallel kept true, which is right for a town and good enough for a continent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import asin, cos, hypot, radians, sin, sqrt

from .captions import Caption, captions

WIDTH, HEIGHT, MARGIN = 360.0, 270.0, 22.0
CELL = 24.0
TOUCH = 18.0
KM_PER_DEGREE = 111.32
EARTH_KM = 6371.0088  # mean radius, IUGG
LEAST_SPAN_DEGREES = 0.02
SCALE_SHARE = 0.3
NAMED = 3
MOST_WIDENED = 3.0  # a drawing that would show more than so much more of the earth leaves the reader's place out
HERE = "You"
HERE_DOWN = 20.0  # how far its word stands below a place
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """A row of the table beside the map. kind: "", "good", "attention", "danger" or "quiet", said in the label too.

    town: what is written on the drawing where it lies, once for all that are in it.
    """

    latitude: float
    longitude: float
    label: str
    url: str = ""
    kind: str = ""
    town: str = ""


Placed = tuple[float, float, Point]


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn: one point, or several that are close. box: south, west, north, east of what it stands for."""

    x: float
    y: float
    count: int
    label: str
    url: str
    kind: str
    box: Box

    @property
    def box_text(self) -> str:
        """The box as an address carries it."""
        return ",".join(f"{edge:.5f}" for edge in self.box)


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished drawing. scale_km: how long the bar of `scale_length` is on the ground.

    here: where somebody looks from; is_here_outside: it is too far away to be on it. towns: names as far as there is
    room.
    """

    width: float
    height: float
    marks: tuple[Mark, ...]
    scale_km: float
    scale_length: float
    here: tuple[float, float] | None = None
    is_here_outside: bool = False
    towns: tuple[Caption, ...] = ()

    def bar(self, unit_km: float) -> tuple[float, float]:
        """A bar in another unit, no longer than the one in kilometres: how many of them, and its length."""
        many = _round_below(self.scale_km / unit_km)
        return many, many * unit_km / self.scale_km * self.scale_length

    @property
    def count(self) -> int:
        """How many points it shows."""
        return sum(mark.count for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Frame:
    """Which piece of the earth a drawing shows, by its middle. units: of the drawing, to a degree of latitude."""

    latitude: float
    longitude: float
    units: float
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def narrow(self) -> float:
        """How much shorter than a degree of latitude one of longitude is here."""
        return max(cos(radians(self.latitude)), 0.01)

    @property
    def wide_km(self) -> float:
        """How far it is from edge to edge, on the ground."""
        return self.width / self.units * KM_PER_DEGREE

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a point comes to lie, the short way round the earth."""
        east = _around(longitude - self.longitude)
        return self.width / 2 + east * self.narrow * self.units, self.height / 2 - (
            latitude - self.latitude
        ) * self.units

    def point_at(self, x: float, y: float) -> tuple[float, float] | None:
        """What lies at a place of the drawing; None beside it, or beyond a pole or the far side of the earth."""
        north = self.latitude + (self.height / 2 - y) / self.units
        east = (x - self.width / 2) / (self.units * self.narrow)
        is_drawn = 0 <= x <= self.width and 0 <= y <= self.height
        return (north, _around(self.longitude + east)) if is_drawn and abs(north) <= 90 and abs(east) <= 180 else None


def projected(points: Sequence[Point], width: float = WIDTH, height: float = HEIGHT) -> Chart | None:
    """The drawing of some points, north up, as large as fits; None where there are none."""
    frame = fitted(points, width, height)
    return drawn(points, frame) if frame else None


def projected_from(here: tuple[float, float], points: Sequence[Point]) -> Chart | None:
    """The same with a place, latitude and longitude, from which somebody looks: it is no row, and merges with none.

    One so far away that the others would shrink to a spot is left out.
    """
    near, wide = fitted(points), fitted([*points, Point(*here, "")])
    if near is None or wide is None:
        return None
    if wide.units * MOST_WIDENED < near.units:
        return replace(drawn(points, near), is_here_outside=True)
    return drawn(points, wide, here)


def drawn(points: Sequence[Point], frame: Frame, here: tuple[float, float] | None = None) -> Chart:
    """The drawing of a given piece of the earth, with those of the points that lie in it. here: latitude, longitude."""
    placed = [(*frame.place(point.latitude, point.longitude), point) for point in points]
    within = [each for each in placed if 0 <= each[0] <= frame.width and 0 <= each[1] <= frame.height]
    scale_km = _round_below(frame.wide_km * SCALE_SHARE)
    length = scale_km / KM_PER_DEGREE * frame.units
    at = _rounded(frame.place(*here)) if here else None
    taken = [Caption.around(at[0], at[1] + HERE_DOWN, HERE)] if at else []
    named = [(point.town, x, y) for x, y, point in within if point.town]
    towns = tuple(captions(named, (frame.width, frame.height), taken))
    return Chart(frame.width, frame.height, tuple(_merged(within)), scale_km, length, at, towns=towns)


def _rounded(place: tuple[float, float]) -> tuple[float, float]:
    return round(place[0], 1), round(place[1], 1)


def fitted(points: Sequence[Point], width: float = WIDTH, height: float = HEIGHT) -> Frame | None:
    """The piece of the earth on which some points lie, as large as fits; None where there are none."""
    if not points:
        return None
    west = _west([point.longitude for point in points])
    eastings = [(point.longitude - west) % 360 for point in points]
    lows = (min(eastings), min(point.latitude for point in points))
    highs = (max(eastings), max(point.latitude for point in points))
    middle = ((lows[0] + highs[0]) / 2, (lows[1] + highs[1]) / 2)
    narrow = max(cos(radians(middle[1])), 0.01)
    spans = (max(highs[0] - lows[0], LEAST_SPAN_DEGREES) * narrow, max(highs[1] - lows[1], LEAST_SPAN_DEGREES))
    units = min((width - 2 * MARGIN) / spans[0], (height - 2 * MARGIN) / spans[1])
    return Frame(middle[1], _around(west + middle[0]), units, width, height)


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Along the great circle between two points of latitude and longitude (haversine)."""
    lat, other = radians(here[0]), radians(there[0])
    half = sin((other - lat) / 2) ** 2 + cos(lat) * cos(other) * sin(radians(there[1] - here[1]) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def inside(box: Box, latitude: float, longitude: float) -> bool:
    """Whether a point lies in a box, which may reach over the 180th meridian."""
    south, west, north, east = box
    in_width = west <= longitude <= east if west <= east else longitude >= west or longitude <= east
    return south <= latitude <= north and in_width


def box_of(text: str) -> Box | None:
    """A box as an address carries it; None where the text is none."""
    try:
        south, west, north, east = (float(part) for part in text.split(","))
    except ValueError:
        return None
    is_sound = -90 <= south <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180
    return (south, west, north, east) if is_sound else None


def _west(longitudes: Sequence[float]) -> float:
    """The western edge of the smallest arc that holds all: after the widest gap, so that Fiji is not torn apart."""
    ordered = sorted(longitudes)
    gaps = [(later - sooner, later) for sooner, later in pairwise(ordered)]
    return max([(ordered[0] + 360 - ordered[-1], ordered[0]), *gaps])[1]


def _merged(placed: Sequence[Placed]) -> list[Mark]:
    """One mark for the points of each cell of a grid, and one for cells whose marks would touch; north to south."""
    cells: dict[tuple[int, int], list[Placed]] = {}
    for place in placed:
        cells.setdefault((int(place[0] // CELL), int(place[1] // CELL)), []).append(place)
    groups: list[list[Placed]] = []
    middles: list[tuple[float, float]] = []
    # The largest first: what stands alone at the edge of a crowd joins it, and not the other way round.
    for near in sorted(cells.values(), key=len, reverse=True):
        x, y = _middle(near)
        joined = next((at for at, (east, south) in enumerate(middles) if hypot(east - x, south - y) < TOUCH), None)
        if joined is None:
            groups.append(list(near))
            middles.append((x, y))
        else:
            groups[joined] += near
            middles[joined] = _middle(groups[joined])
    return sorted((_mark(group) for group in groups), key=lambda mark: (mark.y, mark.x))


def _middle(near: Sequence[Placed]) -> tuple[float, float]:
    return sum(place[0] for place in near) / len(near), sum(place[1] for place in near) / len(near)


def _mark(near: Sequence[Placed]) -> Mark:
    points = [point for _, _, point in near]
    x, y = _middle(near)
    kinds = {point.kind for point in points}
    named = ", ".join(point.label for point in points[:NAMED])
    more = f" and {len(points) - NAMED} more" if len(points) > NAMED else ""
    box = _box(points)
    url = points[0].url if len(points) == 1 else ""
    return Mark(round(x, 1), round(y, 1), len(points), named + more, url, kinds.pop() if len(kinds) == 1 else "", box)


def _box(points: Sequence[Point]) -> Box:
    latitudes = [point.latitude for point in points]
    west = _west([point.longitude for point in points])
    east = max((point.longitude - west) % 360 for point in points) + west
    # A hair more on each side: the address rounds.
    hair = 0.00001
    bottom, top = max(min(latitudes) - hair, -90.0), min(max(latitudes) + hair, 90.0)
    return bottom, _around(west - hair), top, _around(east + hair)


def _around(longitude: float) -> float:
    return (longitude + 180) % 360 - 180


def _round_below(km: float) -> float:
    """The largest of 1, 2, 5, 10, 20, 50 … (or a tenth, a hundredth of them) that is not above."""
    size = 0.01
    while size * 10 <= km:
        size *= 10
    return round(next(size * step for step in (5, 2, 1) if size * step <= km or step == 1), 2)
