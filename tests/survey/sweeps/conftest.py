"""The whole site, for what people see of it afterwards."""

from tests.web_client import clock, front, site

__all__ = ["clock", "front", "site"]
