"""The affiliate's own side: the account it pays from, and when it needs a tax number."""

from datetime import datetime

from survey.db import Conflict, Scope

from .. import queries
from ..domain import Payer
from .notes import note_payer


async def change_payer(scope: Scope, new: Payer, now: datetime) -> bool:
    """Put the affiliate's own side in place, if nobody else changed it since; False where nothing is new.

    Raises Conflict. The audit says what kind of thing changed, never the account.
    """
    old = await queries.payer_of(scope)
    if (old.account, old.tax_from_cents) == (new.account, new.tax_from_cents):
        return False
    if not await queries.put_payer(scope, new):
        raise Conflict
    await note_payer(
        scope, now, account_changed=old.account != new.account, tax_from_cents_old=old.tax_from_cents,
        tax_from_cents_new=new.tax_from_cents,
    )  # fmt: skip
    return True
