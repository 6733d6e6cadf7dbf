"""Pages of a list, newest first, that lead to what is older and to nothing else (decision 12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from portal.services.foundation import two_way_pages
from portal.services.foundation.two_way_pages import Place


@dataclass(frozen=True)
class OlderPage:
    """One page, newest first, and the cursor to what is older, None at the end."""

    rows: Sequence[Any]
    older: str | None


def read(
    statement: Select[*tuple[Any, ...]],
    place: Place,
    size: int,
    of: Mapping[str, object],
    after: str | None,
) -> OlderPage:
    """A page of the rows of a statement. `place` are the columns of the time and the number by which they stand in
    order; both are among its columns. `of` names the list that a cursor belongs to.

    Raises `ValueError` for a cursor that is malformed or of another list.
    """
    found = two_way_pages.read(statement, place, size, of, after=after, before=None)
    return OlderPage(found.rows, found.older)
