"""Every statement on shops, their timers, and who makes them."""

from .applications import application_in, decide_application, find_waiting, insert_application, settle_applications
from .assignments import (
    insert_assignments,
    move_assignments,
    override_reasons_of,
    replan_assignments,
    rounds_of,
    set_assignment_state,
    working_shoppers,
    write_override_reasons,
    write_rounds,
)
from .legal import HoldLine, has_legal_hold, legal_holds, legal_holds_of, lift_legal_hold, place_legal_hold
from .marks import (
    contest_mark,
    decide_mark,
    find_mark,
    insert_marks,
    mark_in,
    marks_of,
    propose_mark,
    undecided_marks,
)
from .shops import CHANGES, insert_hold_spell, shop_in, shops_of, write_hold, write_plans, write_states
from .timers import drop_timers, due_timers, set_timers, shift_timers

__all__ = [
    "CHANGES",
    "HoldLine",
    "application_in",
    "contest_mark",
    "decide_application",
    "decide_mark",
    "drop_timers",
    "due_timers",
    "find_mark",
    "find_waiting",
    "has_legal_hold",
    "insert_application",
    "insert_assignments",
    "insert_hold_spell",
    "insert_marks",
    "legal_holds",
    "legal_holds_of",
    "lift_legal_hold",
    "mark_in",
    "marks_of",
    "move_assignments",
    "override_reasons_of",
    "place_legal_hold",
    "propose_mark",
    "replan_assignments",
    "rounds_of",
    "set_assignment_state",
    "set_timers",
    "settle_applications",
    "shift_timers",
    "shop_in",
    "shops_of",
    "undecided_marks",
    "working_shoppers",
    "write_hold",
    "write_override_reasons",
    "write_plans",
    "write_rounds",
    "write_states",
]
