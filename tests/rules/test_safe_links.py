"""A link leads to a page of this site, by https, or to an address of e-mail, and nowhere else (SECURITY 43)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.safe_links import safe_link

SITE = "http://localhost:5000"


@pytest.mark.security(43)
@pytest.mark.parametrize(
    "href",
    [
        None,
        "",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "\x00javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://evil.example/x",
        "ftp://evil.example/",
        "tel:+358401234567",
        "http://evil.example/",
        "HTTP://evil.example/",
        f"{SITE}.evil.example/",
        f"{SITE}@evil.example/",
        f"{SITE}//evil.example",
        f"{SITE}/\\evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://evil.example/\nx",
        "https://evil.example/ x",
        "login",
        "?next=/",
        "#x",
    ],
)
def test_any_other_kind_is_no_link(href: str | None) -> None:
    assert safe_link(href, SITE) is None


@pytest.mark.security(43)
@pytest.mark.parametrize(
    ("href", "kept"),
    [
        (f"{SITE}/login", "/login"),
        ("/login?next=/orders", "/login?next=/orders"),
        ("https://kauppa.example/", "https://kauppa.example/"),
        ("mailto:info@mikromafia.fi", "mailto:info@mikromafia.fi"),
    ],
)
def test_what_is_kept(href: str, kept: str) -> None:
    assert safe_link(href, SITE) == kept


@pytest.mark.security(43)
@given(st.one_of(st.text(max_size=40), st.text(alphabet="jvascript:dathp/\\.@ \t\n", max_size=40)))
def test_no_text_leads_elsewhere(text: str) -> None:
    kept = safe_link(text, SITE)
    assert kept is None or (kept.startswith(("https://", "mailto:", "/")) and kept[:2] not in ("//", "/\\"))
