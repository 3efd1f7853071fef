"""The pages of scheduling."""

from . import board, bulk, calendar, messages, risk, shop

ROUTES = (
    *board.ROUTES,
    *bulk.ROUTES,
    *calendar.ROUTES,
    *messages.ROUTES,
    *risk.ROUTES,
    *shop.ROUTES,
)
