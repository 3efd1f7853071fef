"""The board's shops as a file: every page of the present filter, in its order, with the columns that it shows."""

from collections.abc import AsyncIterator
from dataclasses import fields
from datetime import datetime

from survey.db import Keyset, Role, Scope, transaction
from survey.db.paging import MAXIMUM_PAGE_SIZE

from .. import queries
from ..domain import Filter, View, file_head, file_lines
from .notes import note


async def note_export(scope: Scope, view: View, now: datetime) -> None:
    """Record that a list leaves the house: how many shops, which columns, narrowed by what; never by which words."""
    counts = await queries.counts_of(scope, view.filter, now)
    narrowed = [each.name for each in fields(Filter) if getattr(view.filter, each.name) != each.default]
    await note(
        scope, "shops.export", "affiliate", scope.affiliate_id, now, shops=counts.of(view.filter.state),
        columns=" ".join(view.columns), narrowed_by=" ".join(narrowed),
    )  # fmt: skip


async def exported(scope: Scope, view: View, now: datetime) -> AsyncIterator[bytes]:
    """The file piece by piece, each read in a transaction of its own: none stays open while a slow browser reads.

    To be iterated outside any transaction. As on the pages, a shop that moves meanwhile stands where it has moved to.
    """
    yield file_head(view.columns)
    cursor: str | None = None
    while True:
        async with transaction(Role.STAFF, affiliate=scope.affiliate_id, clients=scope.clients):
            page = await queries.shops_of(scope, view, Keyset.read(cursor, MAXIMUM_PAGE_SIZE), now)
        if page.rows:
            yield file_lines(page.rows, view.columns)
        if page.next_cursor is None:
            return
        cursor = page.next_cursor
