"""Where a log-in leads: only to this site (SECURITY 36)."""

from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.next_path import safe_next

SITE = "https://portal.example"


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "/account",
        "/orders/NW-10248",
        "/orders?year=2026&status=open",
        "/orders?q=s%C3%A4hk%C3%B6",
        "/privacy/access-requests/new",
        "/orders?next=//evil.test",
    ],
)
def test_own_paths_pass_unchanged(text: str) -> None:
    assert safe_next(text) == text


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "account",
        "//evil.test",
        "///evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "\t//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/%09/evil.test",
        "/%2f/evil.test",
        "/%2Fevil.test",
        "/%5cevil.test",
        "/%5C%5Cevil.test",
        "/%252fevil.test",
        "/%25252fevil.test",
        "https://evil.test",
        "https:evil.test",
        "HTTPS:///evil.test",
        "javascript:alert(1)",
        "data:text/html,x",
        "/a/../../b",
        "/./evil",
        "/%2e%2e/x",
        "/account#fragment",
        "/account\x00",
        "/account\r\nSet-Cookie: a",
        " /account",
        "/account ",
        "/%",
        "/%zz",
        "/ä",
        "/a//evil.test",
        "/" + "a" * 500,
        "?next=/x",
        "/\u2028/evil",
        "/.",
        "/\ud800",
    ],
)
def test_everything_else_leads_home(text: str | None) -> None:
    assert safe_next(text) == "/account"
    assert safe_next(text, default="/admin/") == "/admin/"


def browser_host(text: str) -> str | None:
    """The host a browser would go to: tabs and line ends dropped, backslashes read as slashes."""
    seen = text.translate({9: None, 10: None, 13: None}).strip("".join(map(chr, range(33)))).replace("\\", "/")
    return urlsplit(urljoin(SITE + "/login", seen)).hostname


@given(st.one_of(st.text("/\\.%:?#@ \t\r\n\0ae2f5cC09https", max_size=24), st.text(max_size=24)))
def test_no_text_leads_elsewhere(text: str) -> None:
    path = safe_next(text)
    seen = path
    for _ in range(4):
        assert browser_host(seen) == "portal.example"
        assert seen.startswith("/")
        assert not seen.startswith(("//", "/\\"))
        seen = unquote(seen.partition("?")[0])
