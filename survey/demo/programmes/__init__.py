"""The demo's programmes of mystery shops: what is asked, how it is scored, what shoppers are told and may be paid."""

from .baristas import BARISTAS
from .calls import CALLS
from .fitting import FITTING
from .parts import Programme
from .pulse import PULSE
from .questions import QUESTIONS
from .rivals import RIVALS

__all__ = ["BARISTAS", "CALLS", "FITTING", "PULSE", "QUESTIONS", "RIVALS", "Programme"]
