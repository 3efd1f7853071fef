"""Every SQL statement of scheduling."""

from .acting import (
    action_in,
    begin_action,
    finish_action,
    forget_returns,
    lift_holds,
    mark_carried_out,
    mark_undone,
    next_cancellation,
    reopen_applications,
    write_holds,
    write_pay,
)
from .board import MOST_SPOTS, counts_of, days_of, lanes_of, shops_of, spots_of
from .choices import choices
from .choosing import chosen_shops, coded, matching, revisions_of, shopper_called
from .people import certified_of, conflicts_of
from .threads import (
    Sealed,
    Thread,
    Written,
    count_waiting,
    holders_of,
    insert_messages,
    mark_answered,
    mark_asked,
    open_threads,
    own_thread,
    sealed_messages,
    take_messages_back,
    thread_in,
    threads_of,
    wait_again,
)
from .views import SavedView, delete_view, put_view, views_of

__all__ = [
    "MOST_SPOTS", "SavedView", "Sealed", "Thread", "Written", "action_in", "begin_action", "certified_of", "choices",
    "chosen_shops", "coded", "conflicts_of", "count_waiting", "counts_of", "days_of", "delete_view", "finish_action",
    "forget_returns", "holders_of", "insert_messages", "lanes_of", "lift_holds", "mark_answered", "mark_asked",
    "mark_carried_out", "mark_undone", "matching", "next_cancellation", "open_threads", "own_thread", "put_view",
    "reopen_applications", "revisions_of", "sealed_messages", "shopper_called", "shops_of", "spots_of",
    "take_messages_back", "thread_in", "threads_of", "views_of", "wait_again", "write_holds", "write_pay",
]  # fmt: skip
