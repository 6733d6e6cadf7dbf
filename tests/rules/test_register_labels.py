"""Names in running text: several in one line, and the article of several legal bases."""

import pytest

from portal.rules.register import LegalBasis
from portal.rules.register_labels import article_label, listed

BOTH = (LegalBasis.LEGAL_OBLIGATION, LegalBasis.LEGITIMATE_INTEREST)


def test_a_name_inside_a_line_loses_its_capital_unless_it_belongs_to_it() -> None:
    words = ["E-postadress", "E-postadress i jämförelseform", "Y-tunnus", "VAT", "FO-nummer", "E-mail address", "Land"]
    assert listed(words) == (
        "E-postadress; e-postadress i jämförelseform; Y-tunnus; VAT; FO-nummer; e-mail address; land"
    )


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("fi", "Tietosuoja-asetuksen 6 artiklan 1 kohdan c ja f alakohta"),
        ("sv", "Dataskyddsförordningen, artikel 6.1 c och f"),
        ("en", "GDPR, Article 6(1)(c) and (f)"),
    ],
)
def test_the_article_of_two_legal_bases_is_named_once(locale: str, words: str) -> None:
    assert article_label(BOTH, locale) == words
    assert article_label(BOTH[:1], locale) == words.replace(" ja f", "").replace(" och f", "").replace(" and (f)", "")
