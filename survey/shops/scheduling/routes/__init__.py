"""The pages of scheduling."""

from . import board, bulk

ROUTES = (*board.ROUTES, *bulk.ROUTES)
