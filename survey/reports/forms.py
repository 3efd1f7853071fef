"""From the URL's query to what a page is asked for."""

from collections.abc import Mapping
from uuid import UUID

from survey.db import NotFound
from survey.reports.domain import Wanted


def wanted_in(query: Mapping[str, str]) -> Wanted:
    """What the URL names. Raises NotFound for an id that cannot be one."""
    return Wanted(_id(query, "release"), _id(query, "place"), _id(query, "versus"))


def _id(query: Mapping[str, str], name: str) -> UUID | None:
    text = query.get(name, "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(name) from None
