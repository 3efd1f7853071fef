"""Pages that no production knows: DEMO in the demo alone, DEV there and on a developer's machine."""

from .entrance import be, demo_page
from .styleguide import styleguide

DEMO = (demo_page, be)
DEV = (styleguide,)
