"""The map on which a shopper points: which piece of the earth it shows, and what a tap on it means. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from survey.clients.domain import Frame, Point, fitted
from survey.clients.domain.maps import KM_PER_DEGREE

from .starting import DATE_LINE, Coordinates

# A picture of fixed size, because a browser counts a tap in the pixels that it shows; it fits the narrowest phone.
SIDE = 288.0
WIDES_KM = (12_000.0, 4_000.0, 1_500.0, 600.0, 250.0, 100.0, 40.0, 16.0)
# From here on a finger tells one neighbourhood from the next; before, a tap brings the map closer.
FINE_ZOOM, FIRST_ZOOM, LEAP = 6, 5, 2
STEP = 1 / 3
NORTHMOST = 85.0
MOVES = (("north", (1, 0)), ("south", (-1, 0)), ("west", (0, -1)), ("east", (0, 1)))


@dataclass(frozen=True, slots=True)
class View:
    """A piece of the earth by its middle, in degrees, and how close: a place in WIDES_KM. It stands in the address."""

    latitude: float
    longitude: float
    zoom: int

    @property
    def frame(self) -> Frame:
        """The drawing of it."""
        return Frame(self.latitude, self.longitude, SIDE / WIDES_KM[self.zoom] * KM_PER_DEGREE, SIDE, SIDE)

    @property
    def is_fine(self) -> bool:
        """Whether a tap is kept."""
        return self.zoom >= FINE_ZOOM

    @property
    def at(self) -> str:
        """The middle as the address carries it."""
        return f"{self.latitude:.2f},{self.longitude:.2f}"

    @property
    def query(self) -> str:
        """The whole as the address carries it."""
        return urlencode({"at": self.at, "zoom": self.zoom}, safe=",")

    @property
    def closer(self) -> "View | None":
        """The same middle, one step closer."""
        return View(self.latitude, self.longitude, self.zoom + 1) if self.zoom + 1 < len(WIDES_KM) else None

    @property
    def wider(self) -> "View | None":
        """The same middle, one step back."""
        return View(self.latitude, self.longitude, self.zoom - 1) if self.zoom else None

    def moved(self, north: int, east: int) -> "View":
        """A third of the picture further."""
        step = WIDES_KM[self.zoom] / KM_PER_DEGREE * STEP
        return _view(self.latitude + north * step, self.longitude + east * step / self.frame.narrow, self.zoom)

    @property
    def moves(self) -> list[tuple[str, "View"]]:
        """What lies north, south, west and east of it."""
        return [(name, self.moved(*step)) for name, step in MOVES]

    def tapped(self, x: float, y: float) -> Coordinates | None:
        """What lies under a tap, in pixels from the picture's upper left corner; None where that is nowhere."""
        return self.frame.point_at(x, y)

    def around(self, point: Coordinates) -> "View":
        """Closer, about a point, but no closer than where a tap is kept."""
        return _view(*point, max(self.zoom, min(self.zoom + LEAP, FINE_ZOOM)))


def view_of(at: str, zoom: str) -> View | None:
    """A view as the address carries it; None where that is none."""
    try:
        (north, east), level = (float(part) for part in at.split(",")), int(zoom)
    except ValueError:
        return None
    is_sound = abs(north) <= NORTHMOST and abs(east) <= DATE_LINE and 0 <= level < len(WIDES_KM)
    return View(north, east, level) if is_sound else None


def view_on(points: Sequence[Point]) -> View | None:
    """The closest view that shows all of some points, with some land around; None where there are none."""
    frame = fitted(points, SIDE, SIDE)
    if frame is None:
        return None
    zoom = max((level for level, wide in enumerate(WIDES_KM) if wide >= frame.wide_km), default=0)
    return _view(frame.latitude, frame.longitude, min(zoom, FIRST_ZOOM))


def _view(latitude: float, longitude: float, zoom: int) -> View:
    north = max(-NORTHMOST, min(NORTHMOST, latitude))
    return View(round(north, 2), round((longitude + DATE_LINE) % 360 - DATE_LINE, 2), zoom)
