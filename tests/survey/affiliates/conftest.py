"""The whole site."""

from tests.web_client import clock, front, site

__all__ = ["clock", "front", "site"]
