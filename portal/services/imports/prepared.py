"""A file after it was read to its end: its checked orders, and what is wrong with the others. Both lie on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Self

from portal.services.imports.problems import BadCell
from portal.services.imports.received import Received
from portal.services.imports.spool import Spool

Progress = Callable[[int], None]


class Prepared:
    """Close it, or use it in a `with` statement.

    `row_count` counts the order lines read, `skipped` what the file itself calls no order (a draft, say). `by_order`
    says that problems are named by order and not by line, `email_field` what the format calls the customer's address.
    """

    def __init__(self) -> None:
        self.orders: Spool[Received] = Spool()
        self.problems: list[Spool[BadCell]] = [Spool()]
        self.digest = b""
        self.row_count = 0
        self.skipped = 0
        self.by_order = False
        self.email_field = "email"

    @property
    def problem_count(self) -> int:
        """How many reasons there are to refuse the file."""
        return sum(map(len, self.problems))

    def numbers_at(self, places: Mapping[int, int]) -> dict[int, str]:
        """The numbers of the good orders at these places."""
        return {order[0]: order[1] for order in self.orders if order[0] in places} if places else {}

    def add_last_problems(self, problems: Iterable[BadCell]) -> None:
        """Add what is known only at the end; a spool of its own keeps each in the order of the places."""
        spool: Spool[BadCell] = Spool()
        spool.extend(sorted(problems))
        self.problems.append(spool)

    def close(self) -> None:
        """Give the disk space back."""
        self.orders.close()
        for spool in self.problems:
            spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
