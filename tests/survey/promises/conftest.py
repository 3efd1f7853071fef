"""The demo world, built once for all modules that look at it."""

from tests.demo_world import built_world, played

__all__ = ["built_world", "played"]
