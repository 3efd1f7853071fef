"""The pages of scheduling."""

from . import board

ROUTES = (*board.ROUTES,)
