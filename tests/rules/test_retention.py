"""Retention periods, with the dates of the register's guidance."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.register import (
    STAFF_SOURCES,
    Erasure,
    LegalBasis,
    Purpose,
    Retention,
    Source,
    Start,
)
from portal.rules.retention import add_months, financial_year_end, last_day

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def test_vouchers_and_books() -> None:
    assert last_day(Retention.BOOKKEEPING, date(2024, 3, 31)) == date(2030, 12, 31)
    assert last_day(Retention.BOOKS_10, date(2024, 3, 31)) == date(2034, 3, 31)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 3, 5), 1, date(2026, 4, 5)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_calendar_months(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


def test_a_financial_year_ends_on_its_day() -> None:
    assert financial_year_end(date(2024, 3, 31), 3, 31) == date(2024, 3, 31)
    assert financial_year_end(date(2024, 4, 1), 3, 31) == date(2025, 3, 31)
    assert financial_year_end(date(2026, 11, 22), 12, 31) == date(2026, 12, 31)
    assert financial_year_end(date(2025, 2, 28), 2, 29) == date(2025, 2, 28)


@given(DAYS, st.integers(1, 12), st.integers(1, 31))
def test_a_day_lies_in_the_year_before_its_financial_year_end(day: date, month: int, day_of_month: int) -> None:
    end = financial_year_end(day, month, day_of_month)
    assert day <= end
    assert (end - day).days <= 366


@given(DAYS, st.sampled_from(Retention))
def test_nothing_ends_before_its_event(day: date, retention: Retention) -> None:
    assert last_day(retention, day) >= day


def test_short_periods_are_days() -> None:
    assert last_day(Retention.SHORT, date(2026, 12, 28)) == date(2027, 1, 4)
    assert last_day(Retention.SESSION, date(2026, 1, 1)) == date(2026, 1, 31)
    assert last_day(Retention.ACCOUNT, date(2026, 1, 1)) == date(2026, 1, 1)


def test_every_purpose_has_a_legal_basis_and_every_basis_an_article() -> None:
    assert all(purpose.legal_bases for purpose in Purpose)
    assert {basis for purpose in Purpose for basis in purpose.legal_bases} == set(LegalBasis)
    assert LegalBasis.CONSENT.article == "6(1)(a)"
    assert len({basis.article for basis in LegalBasis}) == len(LegalBasis)


def test_every_start_is_used_and_every_lock_says_so() -> None:
    assert {retention.rule.start for retention in Retention} == set(Start)
    assert {erasure for erasure in Erasure if erasure.keeps} == {
        Erasure.KEEP_BOOKKEEPING,
        Erasure.KEEP_LEGAL_CLAIMS,
        Erasure.KEEP_LOG,
    }
    assert Source.ACCOUNT not in STAFF_SOURCES
