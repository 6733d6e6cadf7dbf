"""Interests: what may be told, and which products fit them by their names."""

import pytest

from portal.rules.errors import RuleBroken
from portal.rules.interests import LONGEST_WORDS, MOST_WORDS, TOPICS, check_interests, fitting
from portal.rules.names import strip_marks
from portal.rules.texts import LOCALES, text


def test_topics_keep_the_order_of_the_list_and_own_words_that_of_the_lines() -> None:
    assert check_interests(["food", "boating"], " Sukat \n\n  Äyriäiset\r\nsukat") == (
        ["boating", "food"],
        ["Sukat", "Äyriäiset"],
    )
    assert check_interests([], "") == ([], [])


@pytest.mark.parametrize(
    ("topics", "words", "codes"),
    [
        (["politics"], "", ["interest.unknown"]),
        ([], "x" * (LONGEST_WORDS + 1), ["text.too_long"]),
        ([], "a\x07b\na\x07b", ["text.control"]),
        ([], "\n".join(f"aihe {n}" for n in range(MOST_WORDS + 1)), ["interest.too_many"]),
        (["politics"], "x" * 61, ["interest.unknown", "text.too_long"]),
    ],
)
def test_everything_that_is_wrong_is_told_once(topics: list[str], words: str, codes: list[str]) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_interests(topics, words)
    assert [problem.code for problem in refused.value.problems] == codes


@pytest.mark.parametrize(
    ("product", "topic"),
    [
        ("Ankkuriköysi 12 mm", "boating"),
        ("Virveli Hauki, 2,1 m, ja kela", "fishing"),
        ("Retkikajakki Tyrsky 430", "paddling"),
        ("Makuupussi Hanki −5 °C", "outdoors"),
        ("Sadehousut Räntä, koko M", "clothing"),
        ("Solmukirja veneilijälle (kirja)", "books"),
        ("Akkulaturi 12 V / 15 A", "electronics"),
        ("Trädgårdsmöbler", "home"),
        ("Nokipannukahvi, 450 g", "food"),
    ],
)
def test_a_product_fits_a_topic_by_a_part_of_its_name(product: str, topic: str) -> None:
    assert fitting(strip_marks(product), [topic]) == topic


def test_own_words_fit_without_marks_and_short_ones_never() -> None:
    product = strip_marks("Äyriäismerta, köysi 12 m")
    assert fitting(product, ["m", "12", "Köysi"]) == "Köysi"
    assert fitting(product, ["kenkä", "home"]) is None
    # A size is no kitchen.
    assert fitting(strip_marks("Kelluntaliivi Meri 70N, koko L"), ["home"]) is None


def test_every_topic_has_its_parts_without_marks_and_a_name_in_every_language() -> None:
    for topic, parts in TOPICS.items():
        assert parts == tuple(strip_marks(part) for part in parts)
        assert min(len(part) for part in parts) >= 4
        assert all(text(f"interest.topic.{topic}", locale) for locale in LOCALES)
