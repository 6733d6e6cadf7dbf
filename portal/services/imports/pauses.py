"""No search for cycles while an import makes its millions of short-lived rows, which hold none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Leave the freeing of memory to reference counts: the collector would look at every row again and again, for a
    quarter of the whole time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
