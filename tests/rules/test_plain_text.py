"""Plain text as paragraphs, lines and links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.mail_blocks import Run
from portal.rules.plain_text import paragraphs


def test_an_empty_line_begins_a_paragraph() -> None:
    assert paragraphs("Yksi\nkaksi\n\n \n\nkolme") == [[[Run("Yksi")], [Run("kaksi")]], [[Run("kolme")]]]


@pytest.mark.security(43)
@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("Katso https://kauppa.example/kevat.", "https://kauppa.example/kevat"),
        ("(https://kauppa.example/?a=1&b=2)", "https://kauppa.example/?a=1&b=2"),
        ("http://kauppa.example javascript:alert(1)", None),
        ('https://kauppa.example/"onmouseover="x', "https://kauppa.example/"),
    ],
)
def test_only_addresses_by_https_are_links(line: str, link: str | None) -> None:
    ((runs,),) = paragraphs(line)
    assert [run.href for run in runs if run.href] == ([link] if link else [])
    assert "".join(run.text for run in runs) == line


@given(st.text(alphabet=st.sampled_from("a \n.https:/?")))
def test_no_word_is_lost(text: str) -> None:
    told = "".join(run.text for part in paragraphs(text) for line in part for run in line)
    assert told.replace(" ", "") == text.replace("\n", "").replace(" ", "")
