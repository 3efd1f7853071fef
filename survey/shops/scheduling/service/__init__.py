"""Use cases of scheduling."""

from .bulk import Found, carry_out_waiting, do, preview, selected
from .threads import Message, ask, read_thread, take_over, write
from .undoing import undo
from .views import forget_view, save_view

__all__ = [
    "Found",
    "Message",
    "ask",
    "carry_out_waiting",
    "do",
    "forget_view",
    "preview",
    "read_thread",
    "save_view",
    "selected",
    "take_over",
    "undo",
    "write",
]
