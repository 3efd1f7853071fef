"""Pay that waits because nobody knows where to send it: how often its shopper hears of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

WHERE_KIND = "shop-pay-where"  # the mail when somebody first waits
WHERE_AGAIN_KIND = "shop-pay-where-again"  # the one reminder
WHERE_ASKED_KIND = "shop-pay-where-asked"  # payroll asks
WHERE_KINDS = (WHERE_KIND, WHERE_AGAIN_KIND, WHERE_ASKED_KIND)
REMIND_AFTER = timedelta(days=14)
ASK_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Asking:
    """What comes of asking: who gets a mail, by id; and by code who gets none, since they need none or were asked."""

    shopper_ids: Sequence[UUID]
    codes: Sequence[str]
    asked_lately: Sequence[str]
    not_waiting: Sequence[str]
