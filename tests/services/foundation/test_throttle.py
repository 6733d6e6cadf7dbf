"""The throttle: counted in the database, by the clock of the server, never for ever (SECURITY 10–12)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from config import Settings, Throttles
from portal import create_app
from portal.models.base import db
from portal.models.session import ThrottleCounter
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.foundation import throttle
from portal.services.foundation.throttle import Attempt
from portal.services.unit_of_work import unit_of_work
from tests.support.fixtures import Transaction

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LOGIN = Attempt("login_identifier", "here", "aino@example.com")
LIMITS = Throttles()


def attempt(transaction: Transaction, *attempts: Attempt, now: datetime = NOON) -> int:
    """Counts attempts in a transaction of their own; returns the seconds to wait."""
    with transaction(now=now) as context:
        return throttle.count(context, *attempts)


@pytest.mark.security(10, 11)
@pytest.mark.parametrize("bucket", [item.name for item in fields(Throttles)])
def test_a_limit_lets_so_many_pass_and_no_more(transaction: Transaction, bucket: str) -> None:
    limit = getattr(LIMITS, bucket)
    with transaction(now=NOON) as context:
        waits = [throttle.count(context, Attempt(bucket, "here", "aino")) for _ in range(limit.count + 1)]
    assert waits[:-1] == [0] * limit.count
    assert waits[-1] == limit.seconds + 1


@pytest.mark.security(10)
def test_the_limits_are_those_of_the_requirements() -> None:
    assert (LIMITS.login_identifier.count, LIMITS.login_identifier.seconds) == (10, 300)
    assert (LIMITS.login_address.count, LIMITS.login_address.seconds) == (30, 300)
    assert (LIMITS.login_everyone.count, LIMITS.login_everyone.seconds) == (3000, 300)
    assert (LIMITS.second_factor.count, LIMITS.second_factor.seconds) == (5, 300)
    assert (LIMITS.second_factor_hour.count, LIMITS.second_factor_hour.seconds) == (20, 3600)
    assert (LIMITS.password_reset.count, LIMITS.password_reset.seconds) == (5, 86400)
    assert (LIMITS.verification_mail.count, LIMITS.verification_mail.seconds) == (3, 6 * 3600)


@pytest.mark.security(10)
def test_each_key_and_each_limit_is_counted_alone(transaction: Transaction) -> None:
    for _ in range(LIMITS.login_identifier.count):
        assert attempt(transaction, LOGIN) == 0
    assert attempt(transaction, LOGIN) > 0
    assert attempt(transaction, Attempt("login_identifier", "here", "eero@example.com")) == 0
    assert attempt(transaction, Attempt("login_address", "here", LOGIN.whose)) == 0


@pytest.mark.security(10)
def test_several_attempts_are_counted_together_and_the_longest_wait_is_told(transaction: Transaction) -> None:
    reset = Attempt("password_reset", "here", LOGIN.whose)
    for _ in range(LIMITS.password_reset.count):
        attempt(transaction, reset)
    assert attempt(transaction, LOGIN, reset) == LIMITS.password_reset.seconds + 1
    with transaction():
        assert counters() == {"login_identifier": 1, "password_reset": 6}


@pytest.mark.security(12)
def test_a_window_ends_and_another_begins_there_is_no_lockout_for_ever(transaction: Transaction) -> None:
    for _ in range(LIMITS.login_identifier.count + 5):
        attempt(transaction, LOGIN)
    almost = NOON + timedelta(seconds=299)
    assert attempt(transaction, LOGIN, now=almost) == 2
    # What was refused does not move the window: it ends as it was told.
    assert attempt(transaction, LOGIN, now=NOON + timedelta(seconds=300)) == 0


@pytest.mark.security(12)
def test_waiting_as_long_as_told_is_enough(transaction: Transaction) -> None:
    for _ in range(LIMITS.login_identifier.count):
        attempt(transaction, LOGIN)
    wait = attempt(transaction, LOGIN, now=NOON + timedelta(seconds=100, microseconds=7))
    assert attempt(transaction, LOGIN, now=NOON + timedelta(seconds=100, microseconds=7) + timedelta(seconds=wait)) == 0


@pytest.mark.security(12, "R20")
def test_a_clock_that_is_set_back_does_not_lock_out(transaction: Transaction) -> None:
    for _ in range(LIMITS.login_identifier.count + 1):
        attempt(transaction, LOGIN, now=NOON + timedelta(days=3))
    assert attempt(transaction, LOGIN, now=NOON) == 0


@pytest.mark.security(10, 12)
def test_requests_that_overtake_each_other_are_all_counted(transaction: Transaction) -> None:
    """Each reads the clock when it begins: the later one may be counted first."""
    waits = [attempt(transaction, LOGIN, now=NOON - timedelta(milliseconds=number)) for number in range(40)]
    assert waits.count(0) == LIMITS.login_identifier.count


@pytest.mark.security(12)
def test_two_connections_at_once_lose_no_attempt(app: Flask, transaction: Transaction) -> None:
    def one(_: int) -> int:
        context = Context(Actor("anonymous"), NOON, Source.REGISTRATION, "test")
        with app.app_context(), unit_of_work(context):
            return throttle.count(context, LOGIN)

    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(one, range(40)))
    assert waits.count(0) == LIMITS.login_identifier.count
    with transaction():
        assert counters() == {"login_identifier": 40}


@pytest.mark.security(12)
def test_another_process_of_the_application_goes_on_counting(settings: Settings, transaction: Transaction) -> None:
    for _ in range(LIMITS.login_identifier.count):
        attempt(transaction, LOGIN)
    restarted = create_app(settings)
    context = Context(Actor("anonymous"), NOON, Source.REGISTRATION, "test")
    with restarted.app_context():
        with unit_of_work(context):
            assert throttle.count(context, LOGIN) > 0
        db.engine.dispose()


@pytest.mark.security(12, 62)
def test_what_was_typed_is_not_kept(transaction: Transaction) -> None:
    attempt(transaction, LOGIN)
    with transaction():
        row = db.session.execute(select(ThrottleCounter)).scalar_one()
        assert len(row.key_hash) == 32
        assert b"aino" not in row.key_hash


@pytest.mark.security(12)
def test_old_counters_are_purged_and_live_ones_stay(transaction: Transaction) -> None:
    attempt(transaction, LOGIN, now=NOON - timedelta(days=2, seconds=1))
    attempt(transaction, Attempt("password_reset", "here", "eero"))
    with transaction(now=NOON) as context:
        assert throttle.purge(context) == 1
        assert counters() == {"password_reset": 1}


def counters() -> dict[str, int]:
    """What is counted, by limit."""
    return {row.bucket: row.attempts for row in db.session.execute(select(ThrottleCounter)).scalars()}


@pytest.mark.security(10, 12)
def test_after_the_first_that_is_over_its_limit_nothing_is_counted(transaction: Transaction) -> None:
    address, everyone = Attempt("login_address", "here", "192.0.2.1"), Attempt("login_everyone", "here", "all")
    for _ in range(90):
        attempt(transaction, address, everyone)
    with transaction():
        assert counters() == {"login_address": 90, "login_everyone": LIMITS.login_address.count}


@pytest.mark.security(12)
def test_what_is_typed_in_one_place_is_not_counted_in_another(transaction: Transaction) -> None:
    for _ in range(LIMITS.login_identifier.count):
        attempt(transaction, Attempt("login_identifier", "staff", "invitation 1"))
    assert attempt(transaction, Attempt("login_identifier", "staff", "invitation 1"))
    assert not attempt(transaction, Attempt("login_identifier", "staff invitation", "1"))


@pytest.mark.security(10)
def test_one_that_is_silent_stops_nothing(transaction: Transaction) -> None:
    """The work it stands for is done in vain, so that all others count it."""
    silent = Attempt("login_identifier", "here", "account 1", silent=True)
    for _ in range(12):
        attempt(transaction, silent, Attempt("login_everyone", "here", "all"))
    with transaction():
        assert counters() == {"login_identifier": 12, "login_everyone": 12}
