"""Stopping mail, and saying what is held."""

from .notice import Held, held
from .opt_out import opt_out_behind, wish

__all__ = ["Held", "held", "opt_out_behind", "wish"]
