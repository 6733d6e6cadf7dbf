"""Running numbers without gaps: `TP-2026-0042` is the 42nd of its series in that year."""

from __future__ import annotations

from sqlalchemy import select

from portal.models.base import db
from portal.models.database import connection, insert_on_conflict
from portal.models.numbering import NumberSeries
from portal.rules.clock import helsinki_date
from portal.rules.context import Context


def next_number(context: Context, prefix: str) -> str:
    """The next number of this year's series. The series stays locked until the transaction ends, so that a number is
    given out once and a rollback leaves none out."""
    series = _series(context, prefix)
    statement = insert_on_conflict(NumberSeries).values(series=series, last=1)
    counted = statement.on_conflict_do_update(
        index_elements=["series"], set_={"last": NumberSeries.last + 1}
    ).returning(NumberSeries.last)
    return _written(series, db.session.execute(counted).scalar_one())


def coming_number(context: Context, prefix: str) -> str:
    """The number that `next_number` will give unless somebody else is given it before: for what is prepared outside the
    transaction because it takes a while. Nothing is reserved."""
    series = _series(context, prefix)
    last = connection().execute(select(NumberSeries.last).where(NumberSeries.series == series)).scalar()
    return _written(series, (last or 0) + 1)


def _series(context: Context, prefix: str) -> str:
    return f"{prefix}-{helsinki_date(context.now).year}"


def _written(series: str, number: int) -> str:
    return f"{series}-{number:04d}"
