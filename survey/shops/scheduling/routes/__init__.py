"""The pages of scheduling."""

from . import board, bulk, messages, risk, shop

ROUTES = (*board.ROUTES, *bulk.ROUTES, *messages.ROUTES, *risk.ROUTES, *shop.ROUTES)
