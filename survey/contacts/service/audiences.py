"""Whom a study asks: for the areas above."""

from uuid import UUID

from survey.db import Scope

from .. import queries
from ..domain import Audience, AudienceCount
from ..queries import Fragment


async def audience_count(scope: Scope, client_id: UUID, audience: Audience) -> AudienceCount:
    """How many contacts of the client an audience has, and how many of them have asked not to be written to."""
    return await queries.count_audience(scope, client_id, audience)


def audience_sql(scope: Scope, client_id: UUID, audience: Audience, first_parameter: int = 1) -> Fragment:
    """A SELECT to stand as a sub-query in the statement that launches a study.

    Columns: contact_id, affiliate_id, client_id, suppression_key, location_id, language, visited_on, status,
    is_suppressed. One row for each contact of the client that fits, the suppressed and the bounced (by status) among
    them: the launch writes down why it passes them over. Restricted contacts are no part of an audience.

    Parameters are numbered from `first_parameter`; the values come with the fragment, in order. For example:

        found = audience_sql(scope, client_id, audience, first_parameter=3)
        await connection().execute(
            f"INSERT INTO … SELECT $1, $2, a.contact_id FROM ({found.sql}) AS a WHERE NOT a.is_suppressed",
            study_id, now, *found.values,
        )

    Runs as Role.STAFF or Role.WORKER of the scope's affiliate.
    """
    return queries.audience_fragment(scope, client_id, audience, first_parameter)
