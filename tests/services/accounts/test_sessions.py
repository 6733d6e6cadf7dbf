"""Sessions: a random id in the cookie, its hash in the database, ends by the server's clock (SECURITY 18–20, 22)."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.models.account import Account
from portal.models.base import db
from portal.models.session import CustomerSession, StaffSession
from portal.models.staff import Staff
from portal.rules.context import Visitor
from portal.rules.register import Retention
from portal.services.accounts import sessions
from portal.services.accounts.sessions import Principal
from tests.support import builders
from tests.support.fixtures import Transaction

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)
VISITOR = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox Linux")
AREAS = ("customer", "staff")
IDLE = {"customer": timedelta(minutes=60), "staff": timedelta(minutes=15)}
ABSOLUTE = {"customer": timedelta(hours=24), "staff": timedelta(hours=8)}
TABLES: dict[str, Any] = {"customer": CustomerSession, "staff": StaffSession}


class Logged:
    """Somebody with one session that began at noon."""

    def __init__(self, transaction: Transaction, area: str) -> None:
        self.transaction, self.area = transaction, area
        with transaction(now=NOON) as context:
            if area == "customer":
                self.id = builders.account(context).id
                self.token = sessions.start_customer(context, self.id, VISITOR)
            else:
                self.id = builders.staff(context).id
                self.token = sessions.start_staff(context, self.id, VISITOR, second_factor=True)

    def seen(self, now: datetime, token: str | None = None) -> Principal | None:
        """Who the cookie is at that moment."""
        find = sessions.customer_principal if self.area == "customer" else sessions.staff_principal
        with self.transaction(now=now):
            return find(token or self.token, now)

    def touch(self, now: datetime) -> None:
        principal = self.seen(now)
        assert principal is not None
        with self.transaction(now=now) as context:
            sessions.touch(context, principal)


@pytest.fixture(params=AREAS)
def logged(request: pytest.FixtureRequest, transaction: Transaction) -> Logged:
    return Logged(transaction, request.param)


@pytest.mark.security(18)
def test_the_database_holds_the_hash_alone(logged: Logged, transaction: Transaction) -> None:
    with transaction():
        row = db.session.execute(select(TABLES[logged.area])).scalar_one()
        assert row.token_hash == hashlib.sha256(logged.token.encode()).digest()
        stored = [str(getattr(row, column.name)) for column in row.__table__.columns]
    assert not [value for value in stored if logged.token in value]


@pytest.mark.security(18)
def test_the_id_is_random_and_long(transaction: Transaction) -> None:
    tokens = {Logged(transaction, "customer").token for _ in range(3)}
    assert len(tokens) == 3
    # 43 characters of base64url are 256 bits.
    assert {len(token) for token in tokens} == {43}


@pytest.mark.security(18)
@pytest.mark.parametrize("token", ["", "x", "\udcff", "ä" * 5000, "a\x00b"])
def test_an_unknown_id_is_nobody(logged: Logged, token: str) -> None:
    with logged.transaction():
        assert sessions.customer_principal(token, NOON) is None
        assert sessions.staff_principal(token, NOON) is None


@pytest.mark.security(29)
def test_the_id_of_one_area_is_worth_nothing_in_the_other(logged: Logged, transaction: Transaction) -> None:
    other = sessions.staff_principal if logged.area == "customer" else sessions.customer_principal
    with transaction():
        assert other(logged.token, NOON) is None


@pytest.mark.security(20)
def test_an_idle_session_ends(logged: Logged) -> None:
    assert logged.seen(NOON + IDLE[logged.area]) is not None
    assert logged.seen(NOON + IDLE[logged.area] + MOMENT) is None


@pytest.mark.security(20)
def test_a_used_session_ends_all_the_same_after_its_time(logged: Logged) -> None:
    now, end = NOON, NOON + ABSOLUTE[logged.area]
    while now + IDLE[logged.area] < end:
        now += IDLE[logged.area]
        logged.touch(now)
    assert logged.seen(end) is not None
    assert logged.seen(end + MOMENT) is None


@pytest.mark.security(20)
def test_a_clock_set_far_back_makes_no_session_eternal(logged: Logged) -> None:
    # Clocks of two servers may differ by moments; nobody is thrown out for that.
    assert logged.seen(NOON - timedelta(minutes=4)) is not None
    assert logged.seen(NOON - timedelta(days=400)) is None
    assert logged.seen(NOON - timedelta(minutes=6)) is None


@pytest.mark.security(20)
def test_a_clock_set_far_ahead_ends_sessions(logged: Logged) -> None:
    assert logged.seen(NOON + timedelta(days=400)) is None


@pytest.mark.security(20)
def test_a_last_use_in_the_future_does_not_outlive_the_absolute_limit(logged: Logged, transaction: Transaction) -> None:
    with transaction():
        db.session.execute(select(TABLES[logged.area])).scalar_one().last_seen_at = NOON + timedelta(days=400)
    assert logged.seen(NOON + ABSOLUTE[logged.area] + MOMENT) is None


@pytest.mark.security(19)
def test_renewing_gives_a_new_id_and_kills_the_old(logged: Logged, transaction: Transaction) -> None:
    later = NOON + timedelta(minutes=12)
    principal = logged.seen(later)
    assert principal is not None
    assert not principal.fresh(later)
    with transaction(now=later) as context:
        renewed = sessions.renew(context, principal)
    assert logged.seen(later) is None
    found = logged.seen(later, renewed)
    assert found is not None
    assert found.fresh(later)
    assert found.session_id == principal.session_id
    # The whole time still counts from the first log-in.
    assert logged.seen(NOON + ABSOLUTE[logged.area] + MOMENT, renewed) is None


@pytest.mark.security(24)
def test_an_authentication_is_fresh_for_ten_minutes(logged: Logged) -> None:
    principal = logged.seen(NOON)
    assert principal is not None
    assert principal.fresh(NOON + timedelta(minutes=10))
    assert not principal.fresh(NOON + timedelta(minutes=10, seconds=1))


@pytest.mark.security(18)
def test_after_logging_out_the_id_is_worth_nothing(logged: Logged, transaction: Transaction) -> None:
    principal = logged.seen(NOON)
    assert principal is not None
    with transaction(now=NOON) as context:
        sessions.end(context, principal)
    assert logged.seen(NOON) is None


@pytest.mark.security(22)
def test_all_sessions_end_but_the_one_in_use(transaction: Transaction) -> None:
    first = Logged(transaction, "customer")
    with transaction(now=NOON) as context:
        other = sessions.start_customer(context, first.id, VISITOR)
    somebody = Logged(transaction, "customer")
    principal = first.seen(NOON)
    assert principal is not None
    with transaction(now=NOON) as context:
        assert sessions.end_all_customer(context, first.id, but=principal.session_id) == 1
    assert first.seen(NOON) is not None
    assert first.seen(NOON, other) is None
    with transaction(now=NOON) as context:
        assert sessions.end_all_customer(context, first.id) == 1
    assert first.seen(NOON) is None
    assert somebody.seen(NOON) is not None


@pytest.mark.security(22)
def test_all_sessions_of_an_employee_end(transaction: Transaction) -> None:
    employee, colleague = Logged(transaction, "staff"), Logged(transaction, "staff")
    with transaction(now=NOON) as context:
        assert sessions.end_all_staff(context, employee.id) == 1
    assert employee.seen(NOON) is None
    assert colleague.seen(NOON) is not None


@pytest.mark.security(22)
def test_disabling_acts_on_the_next_request(logged: Logged, transaction: Transaction) -> None:
    table: Any = Account if logged.area == "customer" else Staff
    with transaction(now=NOON):
        db.session.get_one(table, logged.id).disabled_at = NOON
    assert logged.seen(NOON) is None


@pytest.mark.security(29)
@pytest.mark.parametrize(
    ("moment", "known"),
    [
        # The last day of employment ends at midnight in Helsinki, which is 22 o'clock UTC in winter.
        (datetime(2026, 3, 2, 21, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 2, 22, 0, tzinfo=UTC), False),
    ],
)
def test_an_employment_ends_with_its_last_day(transaction: Transaction, moment: datetime, known: bool) -> None:
    with transaction(now=moment) as context:
        employee = builders.staff(context, employment_ends_on=date(2026, 3, 2))
        token = sessions.start_staff(context, employee.id, VISITOR, second_factor=True)
        assert (sessions.staff_principal(token, moment) is not None) is known


@pytest.mark.security(26)
def test_without_the_second_factor_a_session_says_so_until_it_is_renewed(transaction: Transaction) -> None:
    with transaction(now=NOON) as context:
        employee = builders.staff(context)
        token = sessions.start_staff(context, employee.id, VISITOR, second_factor=False)
        half = sessions.staff_principal(token, NOON)
        assert half is not None
        assert not half.second_factor
        whole = sessions.staff_principal(sessions.renew(context, half), NOON)
        assert whole is not None
        assert whole.second_factor


@pytest.mark.security(18, 30)
def test_a_known_staff_cookie_is_recognised_until_it_is_purged(transaction: Transaction) -> None:
    logged = Logged(transaction, "staff")
    with transaction():
        assert sessions.is_known_staff_token(logged.token)
        assert not sessions.is_known_staff_token("unknown")
    with transaction(now=NOON + timedelta(days=Retention.SESSION.rule.days, seconds=1)) as context:
        assert sessions.purge(context) == 1
        assert not sessions.is_known_staff_token(logged.token)


@pytest.mark.security(20)
def test_purging_leaves_live_sessions(logged: Logged, transaction: Transaction) -> None:
    with transaction(now=NOON + ABSOLUTE[logged.area]) as context:
        assert sessions.purge(context) == 0
        assert db.session.scalar(select(func.count()).select_from(TABLES[logged.area])) == 1


@pytest.mark.security(41)
def test_the_whole_address_is_not_kept(logged: Logged, transaction: Transaction) -> None:
    with transaction():
        row = db.session.execute(select(TABLES[logged.area])).scalar_one()
        assert row.address == "192.0.2.0/24"
