"""The pages of pay."""

from . import batches, items, own, payer

ROUTES = (*items.ROUTES, *batches.ROUTES, *payer.ROUTES, *own.ROUTES)
