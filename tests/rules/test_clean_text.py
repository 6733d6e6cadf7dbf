"""What a stored text may hold (SECURITY 46-48 and 51)."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.clean_text import clean_block, clean_line, has_refused_characters, plain_code
from portal.rules.errors import RuleBroken

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=80)


def code_of(text: str, maximum: int = 20, minimum: int = 0) -> str:
    with pytest.raises(RuleBroken) as broken:
        clean_line(text, maximum, "topic", minimum=minimum)
    (problem,) = broken.value.problems
    assert problem.field == "topic"
    return problem.code


def test_a_line_is_tidied() -> None:
    assert clean_line("  Aino \u00a0  Esimerkki ", 20, "topic") == "Aino Esimerkki"
    assert clean_line("A\u030asa", 3, "topic") == "Åsa"
    assert clean_line("", 20, "topic") == ""


@pytest.mark.parametrize(
    "text",
    [
        "a\x00",
        "a\nb",
        "a\r\nb",
        "a\tb",
        "a\x1b[0m",
        "a\x7f",
        "a\x85",
        "\ud800",
        "a\u202eb",
        "a\u2066b",
        "\u200fa",
        "a\u2028b",
        "\ue000",
        "\uffff",
        "\U0010ffff",
    ],
)
def test_refused_characters(text: str) -> None:
    assert code_of(text) == "text.control"
    assert has_refused_characters(text)


@pytest.mark.parametrize("text", ["Đŋŧžšč", "Ærø Œuvre", "日本語", "👩\u200d👧", "क्\u200dष", "1–2 €", "O’Brien"])
def test_every_language_passes(text: str) -> None:
    assert clean_line(text, 20, "topic") == text


def test_length_counts_the_stored_form() -> None:
    assert clean_line("a\u0308" * 20, 20, "topic") == "ä" * 20
    assert code_of("a" * 21) == "text.too_long"
    assert code_of("a" * 1_000_000) == "text.too_long"
    assert code_of("   ", minimum=1) == "text.required"
    assert code_of("a", minimum=3) == "text.too_short"


def test_a_block_keeps_its_lines() -> None:
    assert clean_block("yksi \r\nkaksi\rkolme\tneljä\n\n", 50, "topic") == "yksi\nkaksi\nkolme neljä"
    assert clean_block("  sisennetty\n\nkappale", 50, "topic") == "  sisennetty\n\nkappale"
    with pytest.raises(RuleBroken, match=r"text\.control"):
        clean_block("yksi\nkaksi\x00", 50, "topic")
    with pytest.raises(RuleBroken, match=r"text\.too_long"):
        clean_block("a\n" * 50 + "b", 50, "topic")


@given(ANY_TEXT, st.sampled_from([clean_line, clean_block]))
def test_a_clean_text_is_stable_and_fits_a_database(text: str, clean: Callable[[str, int, str | None], str]) -> None:
    try:
        cleaned = clean(text, 60, None)
    except RuleBroken:
        return
    assert clean(cleaned, 60, None) == cleaned
    assert "\0" not in cleaned
    assert len(cleaned) <= 60
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode()


@pytest.mark.security(47)
def test_marks_may_be_heaped_on_a_letter_only_so_high() -> None:
    """To put them in order takes time that grows with their square: 100 000 would hold up everybody for a minute."""
    assert clean_line("a" + "\u0316" * 29 + "\u0301", 40, "topic") == "\u00e1" + "\u0316" * 29
    assert code_of("a" + "\u0301\u0316" * 16, 40) == "text.control"


@pytest.mark.security(47)
def test_a_code_is_read_without_spaces_and_only_when_it_can_be_one() -> None:
    assert plain_code(" 123\u00a0456 ") == "123456"
    assert plain_code("１２３４５６") == "123456"
    assert plain_code("123456" + " " * 60) == ""
