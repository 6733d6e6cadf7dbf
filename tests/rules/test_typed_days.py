"""Days as people type them."""

from datetime import date

import pytest

from portal.rules.typed_days import typed_day


@pytest.mark.parametrize("text", ["2026-11-02", "2.11.2026", "02.11.2026", "2. 11. 2026"])
def test_a_day_is_read_in_both_forms(text: str) -> None:
    assert typed_day(text) == date(2026, 11, 2)


@pytest.mark.parametrize(
    "text",
    ["", "x", "2026-W45", "20261102", "31.2.2026", "2026-13-01", "1.1.1899", "9999-12-31", "٢٠٢٦-١١-٠٢", "2.11.26"],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert typed_day(text) is None
