"""Pages of visits: the machine, the marks that people decide, and legal holds."""

from .legal import hold_list, hold_page, lift, place
from .machine import machine_page
from .marks import contest, decide, mark_list, mark_page, own_marks

ROUTES = (machine_page, mark_list, mark_page, decide, own_marks, contest, hold_list, hold_page, place, lift)
