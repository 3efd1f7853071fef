"""Whether a new password will do, asked away from the event loop."""

from ..domain import weakness
from .threads import aside


async def weakness_of(password: str, own_words: tuple[str, ...]) -> str:
    """Why the password will not do, in plain words; empty if it will. own_words: what others know of the person."""
    return await aside(weakness, password, own_words)
