"""Telling somebody that a report did not leave by itself: it would wait for ever for a person who knows nothing."""

from datetime import datetime
from uuid import UUID

from privacy.vault import Place, data_keys, unseal_text
from survey.accounts.domain import EMAIL
from survey.accounts.service import ask_for_mail
from survey.db import Scope, connection
from survey.settings import Settings

from .. import queries

STAYED_KIND = "releases.stayed"
MOST_TOLD = 20


async def tell_stayed(scope: Scope, settings: Settings, shop_id: UUID, editor_id: UUID, now: datetime) -> int:
    """Ask for mail to whoever approved the report, or to managers where that editor has gone; how many. Role.STAFF."""
    people = await queries.whom_to_tell(scope, shop_id, editor_id, MOST_TOLD)
    keys = await data_keys(connection(), settings.keyring, [account_id for account_id, _ in people])
    told = [(account_id, email) for account_id, email in people if account_id in keys]
    for account_id, email in told:
        address = unseal_text(keys[account_id], Place(EMAIL, account_id, account_id), email)
        await ask_for_mail(
            settings, kind=STAYED_KIND, affiliate_id=scope.affiliate_id, account_id=account_id, address=address,
            now=now, context={"shop_id": str(shop_id)},
        )  # fmt: skip
    return len(told)
