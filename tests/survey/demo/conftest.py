"""The demo world, built once for each module that looks at it."""

from tests.demo_world import played

__all__ = ["played"]
