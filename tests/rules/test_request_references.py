"""References as people type them."""

import pytest

from portal.rules.errors import RuleBroken
from portal.rules.request_references import normal_reference


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("TP-2026-0042", "TP-2026-0042"),
        (" tp 2025 42 ", "TP-2025-0042"),
        ("2025/7", "TP-2025-0007"),
        ("7", "TP-2026-0007"),
        ("12345", "TP-2026-12345"),
    ],
)
def test_the_number_is_enough(typed: str, expected: str) -> None:
    assert normal_reference(typed, "TP", 2026) == expected


@pytest.mark.parametrize("typed", ["", "  ", "TP-", "x7x", "²", "٣", "1" * 9, "a" * 500, "7'--"])
def test_anything_else_is_no_reference(typed: str) -> None:
    with pytest.raises(RuleBroken):
        normal_reference(typed, "TP", 2026)
