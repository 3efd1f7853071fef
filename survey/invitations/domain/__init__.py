"""What a launch comes to, and the send log."""

from .launching import Launched, NotReady

__all__ = ["Launched", "NotReady"]
