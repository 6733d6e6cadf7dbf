"""Running numbers without gaps: `TP-2026-0042` is the 42nd of its series in that year."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from portal.models.base import db
from portal.models.numbering import NumberSeries
from portal.rules.clock import helsinki_date
from portal.rules.context import Context


def next_number(context: Context, prefix: str) -> str:
    """The next number of this year's series. The series stays locked until the transaction ends, so that a number is
    given out once and a rollback leaves none out."""
    series = f"{prefix}-{helsinki_date(context.now).year}"
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(NumberSeries).values(series=series, last=1)
    counted = statement.on_conflict_do_update(
        index_elements=["series"], set_={"last": NumberSeries.last + 1}
    ).returning(NumberSeries.last)
    return f"{series}-{db.session.execute(counted).scalar_one():04d}"
