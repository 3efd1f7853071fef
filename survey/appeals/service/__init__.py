"""Use cases of appeals and action plans, by who acts: the client, the affiliate's staff, the shopper, the worker."""

from .client import contested, move_own, open_plan, raise_appeal, reply, write_plan
from .intake import take_in
from .shopper import answer, asked_in, open_questions
from .staff import ASKED_KIND, Decision, Thread, ask_client, ask_shopper, change, classify, settle, take_up, thread_in
from .telling import tell

__all__ = [
    "ASKED_KIND",
    "Decision",
    "Thread",
    "answer",
    "ask_client",
    "ask_shopper",
    "asked_in",
    "change",
    "classify",
    "contested",
    "move_own",
    "open_plan",
    "open_questions",
    "raise_appeal",
    "reply",
    "settle",
    "take_in",
    "take_up",
    "tell",
    "thread_in",
    "write_plan",
]
