"""Pages that look the same to everybody of a study, rendered once."""

from collections.abc import Callable

PAGES_KEPT = 1000

_pages: dict[tuple[object, ...], bytes] = {}


def kept(key: tuple[object, ...], rendered: Callable[[], bytes]) -> bytes:
    """The page with this key; rendered when it is first asked for, and again after a thousand others."""
    if key not in _pages:
        if len(_pages) >= PAGES_KEPT:
            _pages.pop(next(iter(_pages)))
        _pages[key] = rendered()
    return _pages[key]
