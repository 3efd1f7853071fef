"""The pages of pay."""

from . import batches, items, own, payer, waiting, years

ROUTES = (*items.ROUTES, *batches.ROUTES, *payer.ROUTES, *own.ROUTES, *waiting.ROUTES, *years.ROUTES)
