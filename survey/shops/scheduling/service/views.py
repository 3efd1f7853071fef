"""Saving ways to look at the board."""

from datetime import datetime
from uuid import UUID

from survey.db import Scope

from .. import queries
from ..domain import View
from .notes import note


async def save_view(scope: Scope, name: str, view: View, now: datetime, *, is_shared: bool) -> UUID:
    """Keep a view under a name; an own one of this name is replaced. Returns its id."""
    view_id = await queries.put_view(scope, name, view.choosing(()).query(), now, is_shared=is_shared)
    await note(scope, "view.save", "saved_view", view_id, now, shared=is_shared)
    return view_id


async def forget_view(scope: Scope, view_id: UUID, now: datetime) -> None:
    """Forget an own view. Raises NotFound."""
    await queries.delete_view(scope, view_id)
    await note(scope, "view.forget", "saved_view", view_id, now)
