"""From the URL's query to what a page is asked for."""

from collections.abc import Mapping
from uuid import UUID

from survey.db import NotFound
from survey.reports.domain import Wanted


def wanted_in(query: Mapping[str, str]) -> Wanted:
    """What the URL names. Raises NotFound for an id that cannot be one."""
    return Wanted(id_in(query, "release"), id_in(query, "place"), id_in(query, "versus"))


def id_in(query: Mapping[str, str], name: str) -> UUID | None:
    """An id of the query, if it names one. Raises NotFound for what cannot be an id."""
    text = query.get(name, "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(name) from None
