"""Use cases of invitations."""

from .launching import launch
from .log import csv_of, open_address
from .reminding import plan_reminders

__all__ = ["csv_of", "launch", "open_address", "plan_reminders"]
