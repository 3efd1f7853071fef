"""The pages of the shopper's side, and where staff decide about wishes."""

from . import board, calendar, deciding, messages, mine, shop

ROUTES = (
    *board.ROUTES,
    *calendar.ROUTES,
    *deciding.ROUTES,
    *messages.ROUTES,
    *mine.ROUTES,
    *shop.ROUTES,
)
