"""The formats of order files: the name of each, and what reads it. A new format is a line here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from portal.services.imports import plain_orders, woocommerce_orders
from portal.services.imports.pauses import without_collecting
from portal.services.imports.prepared import Prepared, Progress
from portal.services.imports.problems import Unreadable

# Each reads the file to its end into the `Prepared`, and raises `Unreadable` where it cannot go on.
READERS: dict[str, Callable[[Path, Prepared, Progress], None]] = {
    "csv": plain_orders.read,
    "woocommerce": woocommerce_orders.read,
}
FORMATS = tuple(READERS)


@without_collecting()
def prepare(path: Path, file_format: str, progress: Progress = lambda rows: None) -> Prepared:
    """Read and check an order file; nothing here touches the database. `progress` is told the number of order lines
    read so far."""
    prepared = Prepared()
    try:
        READERS[file_format](path, prepared, progress)
    except Unreadable as end:
        prepared.add_last_problems(end.problems)
    return prepared
