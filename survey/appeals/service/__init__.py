"""Use cases of appeals, plans and wishes, by who acts: the client, the affiliate's staff, the shopper, the worker."""

from .client import contested, move_own, open_plan, raise_appeal, reply, write_plan
from .counting import Counted, count_errors
from .intake import take_in
from .outgoing import Outgoing, Unreleased, Unsendable, relayed
from .shopper import answer, asked_in, open_questions
from .staff import ASKED_KIND, Decision, Thread, ask_client, ask_shopper, change, classify, settle, take_up, thread_in
from .telling import tell, tell_plans, tell_raised
from .wishing import Grant, grant, refuse_wish, tell_wishes, wish, withdraw_wish

__all__ = [
    "ASKED_KIND",
    "Counted",
    "Decision",
    "Grant",
    "Outgoing",
    "Thread",
    "Unreleased",
    "Unsendable",
    "answer",
    "ask_client",
    "ask_shopper",
    "asked_in",
    "change",
    "classify",
    "contested",
    "count_errors",
    "grant",
    "move_own",
    "open_plan",
    "open_questions",
    "raise_appeal",
    "refuse_wish",
    "relayed",
    "reply",
    "settle",
    "take_in",
    "take_up",
    "tell",
    "tell_plans",
    "tell_raised",
    "tell_wishes",
    "thread_in",
    "wish",
    "withdraw_wish",
    "write_plan",
]
