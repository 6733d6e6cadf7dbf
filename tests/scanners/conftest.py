"""The world of the matrices, for what is made from it."""

from tests.web.matrix.conftest import kept_world, no_throttle, world

__all__ = ["kept_world", "no_throttle", "world"]
