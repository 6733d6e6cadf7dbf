"""E-mail identity (SECURITY 50 and 51)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.email_identity import EmailAddress, check_email, email_or_none
from portal.rules.errors import RuleBroken


def code_of(text: str) -> str:
    with pytest.raises(RuleBroken) as broken:
        check_email(text)
    (problem,) = broken.value.problems
    assert problem.field == "email"
    return problem.code


@pytest.mark.parametrize(
    ("text", "display", "identity"),
    [
        ("Aino.Esimerkki@Example.COM", "Aino.Esimerkki@example.com", "aino.esimerkki@example.com"),
        ("  aino@example.com ", "aino@example.com", "aino@example.com"),
        ("aino+uutiset@kauppa.example", "aino+uutiset@kauppa.example", "aino+uutiset@kauppa.example"),
        ("Äänekäs@Äänekoski.fi", "Äänekäs@äänekoski.fi", "äänekäs@xn--nekoski-4waa.fi"),
        ("aino@xn--nekoski-4waa.fi", "aino@äänekoski.fi", "aino@xn--nekoski-4waa.fi"),
        ("Straße@example.com", "Straße@example.com", "strasse@example.com"),
        ("почта@почта.рф", "почта@почта.рф", "почта@xn--80a1acny.xn--p1ai"),
    ],
)
def test_accepted(text: str, display: str, identity: str) -> None:
    assert check_email(text) == EmailAddress(display, identity)


def test_one_address_has_one_identity_however_it_is_typed() -> None:
    typed = ["a\u0308iti@example.com", "äiti@example.com", "ÄITI@EXAMPLE.COM", "äiti@ＥＸＡＭＰＬＥ.com"]
    assert {check_email(text).identity for text in typed} == {"äiti@example.com"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "aino",
        "aino@",
        "@example.com",
        "aino@localhost",
        "aino@example",
        "a b@example.com",
        "a..b@example.com",
        "aino@example.com,toinen@example.com",
        '"a b"@example.com',
        "aino@[127.0.0.1]",
        "Aino <aino@example.com>",
        "aino@example.com\r\nBcc: x@example.com",
        "aino\n@example.com",
        "aino\x00@example.com",
        "aino\u202e@example.com",
        "aino@exa\u200bmple.com",
        "\ud800@example.com",
        "aino@-example.com",
        "aino@shop.test",
    ],
)
def test_refused(text: str) -> None:
    assert code_of(text) == "email.invalid"


def test_test_domains_only_where_asked_for() -> None:
    assert check_email("aino@shop.test", special_domains=True).identity == "aino@shop.test"


@pytest.mark.parametrize("text", ["аino@example.com", "раура@example.com", "aino@ехаmple.com", "ainoω@example.com"])
def test_look_alikes_are_refused(text: str) -> None:
    assert code_of(text) == "email.mixed_script"


def test_a_look_alike_hidden_in_idna_is_seen() -> None:
    assert code_of("aino@xn--80ak6aa92e.com") == "email.mixed_script"


def test_length_is_bounded_as_a_whole() -> None:
    domain = ".".join(["a" * 60] * 3) + ".com"
    longest = "b" * (254 - len(domain) - 1) + "@" + domain
    assert len(check_email(longest).identity) == 254
    assert code_of("b" + longest) == "email.too_long"
    assert code_of("a" * 100_000 + "@example.com") == "email.too_long"


@given(st.text(max_size=60))
def test_any_text_gives_an_address_or_a_broken_rule(text: str) -> None:
    address = email_or_none(text)
    assert address is None or check_email(address.display).identity == address.identity


@given(st.emails())
def test_checking_the_identity_again_changes_nothing(text: str) -> None:
    address = email_or_none(text)
    if address is not None:
        again = check_email(address.identity)
        assert again.identity == address.identity
        assert not any(character in address.display + address.identity for character in "\r\n\0 ")
