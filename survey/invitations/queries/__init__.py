"""Every SQL statement of invitations."""

from .composing import Invited, invited, mark_bounced
from .launching import invite

__all__ = ["Invited", "invite", "invited", "mark_bounced"]
