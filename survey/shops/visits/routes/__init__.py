"""Pages of visits: the machine, and the marks that people decide."""

from .machine import machine_page
from .marks import contest, decide, mark_list, mark_page, own_marks

ROUTES = (machine_page, mark_list, mark_page, decide, own_marks, contest)
