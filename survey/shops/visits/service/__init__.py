"""Use cases of shops: moving them, giving them to people, holding them, and what happens by itself."""

from ..domain import Effects, Move, Taking
from .applications import application_in, apply, settle, turn_down, withdraw
from .assigning import accept, assign, assign_many, decline, give_back
from .holding import hold, lift_hold
from .legal import WhyHeld, has_legal_hold, legal_holds, legal_holds_of, lift_legal_hold, place_legal_hold
from .marks import (
    contest_mark,
    decide_mark,
    marks_of,
    own_words,
    propose_mark,
    read_contest,
    remove_mark,
    undecided_marks,
)
from .moving import carry_out, fire, fire_many, move_locked, shop_in
from .planning import override_reasons_of, plan_many, refresh_timers, rounds_of
from .timers import fire_timers, settle_shop
from .windows import Reframed, reframe_many, restore_frames

__all__ = [
    "Effects",
    "Move",
    "Reframed",
    "Taking",
    "WhyHeld",
    "accept",
    "application_in",
    "apply",
    "assign",
    "assign_many",
    "carry_out",
    "contest_mark",
    "decide_mark",
    "decline",
    "fire",
    "fire_many",
    "fire_timers",
    "give_back",
    "has_legal_hold",
    "hold",
    "legal_holds",
    "legal_holds_of",
    "lift_hold",
    "lift_legal_hold",
    "marks_of",
    "move_locked",
    "override_reasons_of",
    "own_words",
    "place_legal_hold",
    "plan_many",
    "propose_mark",
    "read_contest",
    "reframe_many",
    "refresh_timers",
    "remove_mark",
    "restore_frames",
    "rounds_of",
    "settle",
    "settle_shop",
    "shop_in",
    "turn_down",
    "undecided_marks",
    "withdraw",
]
