"""The stores of a client, by the codes that lists name them with."""

from uuid import UUID

from survey.db import Scope, connection

STORES = """
    SELECT id, code
    FROM field.location
    WHERE affiliate_id = $1 AND client_id = $2
"""


async def stores_of(scope: Scope, client_id: UUID) -> dict[str, UUID]:
    """Every location by its case-folded code; closed ones too, for people have visited them.

    A spreadsheet that takes codes for numbers drops their leading zeros: where that leads to one location only, it
    is found without them as well.
    """
    rows = await connection().fetch(STORES, scope.affiliate_id, client_id)
    shortened: dict[str, set[UUID]] = {}
    for location_id, code in rows:
        shortened.setdefault(code.casefold().lstrip("0"), set()).add(location_id)
    stores = {code: next(iter(found)) for code, found in shortened.items() if code.isdigit() and len(found) == 1}
    return stores | {code.casefold(): location_id for location_id, code in rows}
