"""The pages of the shopper's side, and where staff decide about wishes."""

from . import board, calendar, deciding, leaving, messages, mine, shop

ROUTES = (
    *board.ROUTES,
    *calendar.ROUTES,
    *deciding.ROUTES,
    *leaving.ROUTES,
    *messages.ROUTES,
    *mine.ROUTES,
    *shop.ROUTES,
)
