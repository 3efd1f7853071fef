"""Use cases of invitations."""

from .launching import launch

__all__ = ["launch"]
