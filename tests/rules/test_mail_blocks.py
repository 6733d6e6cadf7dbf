"""The HTML of a mail becomes words and safe links; nothing of it reaches a page as HTML (SECURITY 42, 43)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.mail_blocks import Block, Run, blocks, words

SITE = "http://localhost:5000"


def links(html: str) -> list[str]:
    return [run.href for block in blocks(html, SITE) for runs in block.paragraphs for run in runs if run.href]


def test_paragraphs_keep_their_kind_and_order() -> None:
    html = (
        "<!doctype html><html><head><title>Ei näy</title><style>p { color: red }</style></head><body>"
        '<div hidden style="display: none">Ei näy</div><h1>Otsikko</h1><p>Hei <strong>Aino</strong>,<br>tässä:</p>'
        '<blockquote lang="sv"><p>Jag vill</p><p>ha nyheter</p></blockquote><ul><li>yksi</li><li>kaksi</li></ul><hr>'
        "<p>Loppu</p><script>alert(1)</script></body></html>"
    )
    assert blocks(html, SITE) == [
        Block("heading", ((Run("Otsikko"),),)),
        Block("paragraph", ((Run("Hei "), Run("Aino", strong=True), Run(","), Run("\n"), Run("tässä:")),)),
        Block("quote", ((Run("Jag vill"),), (Run("ha nyheter"),)), "sv"),
        Block("list", ((Run("yksi"),), (Run("kaksi"),))),
        Block("rule"),
        Block("paragraph", ((Run("Loppu"),),)),
    ]
    assert words(html) == "Otsikko\nHei Aino,\ntässä:\nJag vill\nha nyheter\nyksi\nkaksi\nLoppu"


@pytest.mark.security(42, 43)
@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "http://evil.example/",
        "http://localhost:5000.evil.example/",
        "//evil.example",
        "vbscript:x",
        "https://evil.example/\nx",
        "http://localhost:5000//evil.example",
        "http://localhost:5000/\\evil.example",
        "login",
    ],
)
def test_a_link_of_another_kind_is_words(href: str) -> None:
    (block,) = blocks(f'<p><a href="{href}">avaa</a></p>', SITE)
    assert block.paragraphs == ((Run("avaa"),),)


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        (f"{SITE}/login", "/login"),
        ("/login?next=/orders", "/login?next=/orders"),
        ("https://kauppa.example/", "https://kauppa.example/"),
        ("mailto:info@mikromafia.fi", "mailto:info@mikromafia.fi"),
    ],
)
def test_links_to_this_site_by_https_and_to_mail_are_kept(href: str, kept: str) -> None:
    assert links(f'<p><a href="{href}" onclick="alert(1)" style="x">avaa</a></p>') == [kept]


def test_escaped_text_stays_text() -> None:
    (block,) = blocks("<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; Ailu</p>", SITE)
    assert block.words == ("<script>alert(1)</script> & Ailu",)


@pytest.mark.parametrize(
    "html", ["", "<", "</p></blockquote>", "<p><a href=", "<blockquote>", "<div hidden><p>x", "&#x;"]
)
def test_broken_html_is_read_to_its_end(html: str) -> None:
    assert all(block.words or block.kind == "rule" for block in blocks(html, SITE))


@pytest.mark.security(42, 43)
@given(st.text(alphabet=st.sampled_from("<>/=\"' \nabhrefp:jsvcit&#;!-"), max_size=80))
def test_no_text_becomes_a_link_elsewhere(html: str) -> None:
    assert all(link.startswith(("https://", "mailto:", "/")) and link[:2] not in ("//", "/\\") for link in links(html))
