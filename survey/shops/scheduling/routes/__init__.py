"""The pages of scheduling."""

from . import board, bulk, risk, shop

ROUTES = (*board.ROUTES, *bulk.ROUTES, *risk.ROUTES, *shop.ROUTES)
