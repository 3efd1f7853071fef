"""Saving ways to look at the board."""

from datetime import datetime
from uuid import UUID

from survey.db import Scope

from .. import queries
from ..domain import NameTaken, View
from .notes import note


async def save_view(
    scope: Scope, name: str, view: View, now: datetime, *, is_shared: bool, replaced: str = ""
) -> UUID:  # fmt: skip
    """Keep a view under a name; returns its id. replaced: the name of an own one that may go for it.

    Raises NameTaken where another view of one's own has that name. The same view twice is once.
    """
    query = view.choosing(()).query()
    there = await queries.find_view(scope, name)
    if there and (there.query, there.is_shared) == (query, is_shared):
        return there.id
    if there and replaced != name:
        raise NameTaken
    view_id = await queries.put_view(scope, name, query, now, is_shared=is_shared)
    await note(scope, "view.save", "saved_view", view_id, now, shared=is_shared)
    return view_id


async def forget_view(scope: Scope, view_id: UUID, now: datetime) -> None:
    """Forget an own view. Raises NotFound."""
    await queries.delete_view(scope, view_id)
    await note(scope, "view.forget", "saved_view", view_id, now)
