"""News of shops near by, for shoppers who have asked for them."""

from dataclasses import dataclass
from uuid import UUID

NEWS_KIND = "shop-news"
RADIUS_KM = 25


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell one shopper. occasion: the same for one shopper and one day."""

    occasion: UUID
    affiliate_id: UUID
    shopper_id: UUID
    count: int
