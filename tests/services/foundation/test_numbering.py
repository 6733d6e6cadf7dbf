"""Running numbers: one a document, none left out, a new series each year of Helsinki."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from portal.services.foundation.numbering import next_number
from tests.support.fixtures import Transaction


def test_numbers_run_on_within_a_year_and_kind(transaction: Transaction) -> None:
    with transaction(now=datetime(2026, 5, 1, tzinfo=UTC)) as context:
        assert [next_number(context, "TP") for _ in range(3)] == ["TP-2026-0001", "TP-2026-0002", "TP-2026-0003"]
        assert next_number(context, "K") == "K-2026-0001"
    # 22:30 UTC on New Year's Eve is the new year in Helsinki.
    with transaction(now=datetime(2026, 12, 31, 22, 30, tzinfo=UTC)) as context:
        assert next_number(context, "TP") == "TP-2027-0001"


def test_a_rollback_leaves_no_number_out(transaction: Transaction) -> None:
    given = []

    def fail() -> None:
        with transaction() as context:
            given.append(next_number(context, "TP"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with transaction() as context:
        assert [next_number(context, "TP")] == given


def test_at_once_every_number_is_given_out_once(transaction: Transaction) -> None:
    def take(_number: int) -> str:
        with transaction(now=datetime(2026, 5, 1, tzinfo=UTC)) as context:
            return next_number(context, "TP")

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(take, range(24)))
    assert found == [f"TP-2026-{number:04d}" for number in range(1, 25)]
