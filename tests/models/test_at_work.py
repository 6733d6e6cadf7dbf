"""Who may use an employee's account: the rule and its SQL agree, on the last day and around midnight (SECURITY 22)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.models.base import db
from portal.models.staff import Staff, at_work
from portal.rules import employment
from tests.support import builders
from tests.support.fixtures import Transaction

LAST_DAY = date(2026, 6, 15)
# 21:00 UTC is midnight in Helsinki in summer.
MIDNIGHT = datetime(2026, 6, 15, 21, 0, tzinfo=UTC)


@pytest.mark.security(22)
@pytest.mark.parametrize(
    ("now", "over"),
    [
        (MIDNIGHT - timedelta(days=30), False),
        (MIDNIGHT - timedelta(days=1), False),
        (MIDNIGHT - timedelta(seconds=1), False),
        (MIDNIGHT, True),
        (MIDNIGHT + timedelta(days=1), True),
    ],
)
def test_the_last_day_belongs_to_the_employment(transaction: Transaction, now: datetime, over: bool) -> None:
    with transaction() as context:
        ending = builders.staff(context, employment_ends_on=LAST_DAY).id
        staying = builders.staff(context).id
        builders.staff(context, disabled_at=context.now)
        found = db.session.execute(select(Staff.id).where(at_work(now)).order_by(Staff.id)).scalars().all()
    assert employment.is_over(LAST_DAY, now) is over
    assert not employment.is_over(None, now)
    assert found == ([staying] if over else [ending, staying])
