"""Cells for spreadsheets: no text becomes a formula (SECURITY 52)."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.csv_cells import line, safe_text


@pytest.mark.security(52)
@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+358401234567",
        "-10.00",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1+1",
        "\u00a0=1+1",
        '=HYPERLINK("https://evil.test","x")',
        "\uff1d1+1",
    ],
)
def test_what_would_be_calculated_is_neutralised(text: str) -> None:
    assert safe_text(text) == f"'{text}"
    assert next(csv.reader(io.StringIO(line([text]), newline=""))) == [f"'{text}"]


@pytest.mark.parametrize("text", ["", "Kuubankatu 2–20", "1=1", "č đ ŋ š ŧ ž", "'quoted'", "5 - 3", "a@b.example"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe_text(text) == text


@pytest.mark.security(52)
def test_numbers_are_numbers() -> None:
    assert line([-5, Decimal("-12.50"), Decimal("1E+3"), None, "-5"]) == '-5,-12.50,1000,,"\'-5"\r\n'


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_a_line_is_read_back_whole(texts: list[str]) -> None:
    (cells,) = csv.reader(io.StringIO(line(texts), newline=""), strict=True)
    assert cells == [safe_text(text) for text in texts]


@pytest.mark.parametrize("cell", [True, 1.5, date(2026, 11, 22)])
def test_what_has_no_one_way_of_writing_is_refused(cell: object) -> None:
    with pytest.raises(TypeError):
        line([cell])  # type: ignore[list-item]  # what the types forbid is what is tried
