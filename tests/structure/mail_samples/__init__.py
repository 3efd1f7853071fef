"""One message of every kind, made by the product itself. An area adds a module here with its own `SAMPLES`."""

from collections.abc import Mapping

from . import accounts, board, invitations, panels, payments, reviews, shop_reports, shoppers, shops, studies
from .stage import Sample, Stage

SAMPLES: Mapping[str, Sample] = {
    **accounts.SAMPLES,
    **board.SAMPLES,
    **invitations.SAMPLES,
    **panels.SAMPLES,
    **payments.SAMPLES,
    **reviews.SAMPLES,
    **shoppers.SAMPLES,
    **shop_reports.SAMPLES,
    **shops.SAMPLES,
    **studies.SAMPLES,
}

__all__ = ["SAMPLES", "Sample", "Stage"]
