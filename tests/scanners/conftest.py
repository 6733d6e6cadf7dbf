"""The world of the matrices, for what is made from it."""

from tests.web.matrix.conftest import no_throttle, world

__all__ = ["no_throttle", "world"]
