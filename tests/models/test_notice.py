"""The notice answers every item of GDPR Articles 13 and 14, each in a section of its own."""

import re

import pytest
from flask import Flask

from config import Controller
from tests.support.client import InvariantClient

# (article, what it asks for, the section that answers, words of the answer).
ITEMS = [
    ("13(1)(a), 14(1)(a)", "identity of the controller", "controller", r"Mikromafia Oy"),
    ("13(1)(a), 14(1)(a)", "contact details of the controller", "controller", r"info@mikromafia\.fi.*10 832 6486"),
    (
        "13(1)(b), 14(1)(b)",
        "whom to ask about the register",
        "controller",
        r"Contact person in matters of the register",
    ),
    ("13(1)(c), 14(1)(c)", "purposes", "purposes", r"account"),
    ("13(1)(c), 14(1)(c)", "legal basis of each purpose", "purposes", r"GDPR, Article 6\(1\)\([a-f]\)"),
    ("13(1)(d), 14(2)(b)", "the legitimate interest pursued", "purposes", r"(?i)legitimate interest"),
    ("14(1)(d)", "categories of data", "content", r"phone number"),
    ("13(1)(e), 14(1)(e)", "recipients", "recipients", r"employees.*authorities.*on our behalf.*Testi Konesali Oy"),
    ("13(1)(f), 14(1)(f)", "transfers outside the EU", "transfers", r"outside the European Union.*only.*safeguard"),
    ("13(1)(f), 14(1)(f)", "the safeguard of each", "recipients", r"United Kingdom \(outside.*Safeguard: .*adequate"),
    ("13(2)(a), 14(2)(a)", "how long data are kept", "content", r"Kept"),
    ("13(2)(b), 14(2)(c)", "right of access", "rights", r"see what we hold about you and get a copy"),
    ("13(2)(b), 14(2)(c)", "right to rectification", "rights", r"corrected"),
    ("13(2)(b), 14(2)(c)", "right to erasure and restriction", "rights", r"erase.*restrict"),
    ("13(2)(b), 14(2)(c)", "right to object", "rights", r"object"),
    ("13(2)(b), 14(2)(c)", "right to portability", "rights", r"machine-readable form"),
    ("13(2)(c), 14(2)(d)", "withdrawing consent", "rights", r"withdraw it at any time"),
    ("13(2)(d), 14(2)(e)", "complaint to the authority", "rights", r"Data Protection Ombudsman.*tietosuoja\.fi"),
    (
        "13(2)(e)",
        "whether one must give the data, and what follows if not",
        "purposes",
        r"need not give.*cannot deliver",
    ),
    ("14(2)(f)", "where the data come from", "sources", r"\w+"),
    (
        "13(2)(f), 14(2)(g)",
        "automated decisions and profiling",
        "purposes",
        r"no decisions about you by automated means",
    ),
]
SECTIONS = {section for _article, _asked, section, _words in ITEMS}


def section_text(client: InvariantClient, section: str) -> str:
    page = client.get("/privacy-notice")
    (found,) = page.select(f"section[aria-labelledby={section}]")
    return " ".join(found.get_text(" ").split()).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("article", "asked", "section", "words"), ITEMS, ids=[f"{item[0]} {item[1]}" for item in ITEMS]
)
def test_the_notice_answers(client: InvariantClient, article: str, asked: str, section: str, words: str) -> None:
    client.set_cookie("portal_language", "en", domain="localhost")
    text = section_text(client, section)
    assert re.search(words, text), f"Article {article} asks for {asked}: section {section!r} says {text!r}"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_language_has_every_section(client: InvariantClient, language: str) -> None:
    client.set_cookie("portal_language", language, domain="localhost")
    for section in SECTIONS:
        assert len(section_text(client, section)) > 60


def test_without_named_companies_only_the_kinds_of_recipients_are_told(
    client: InvariantClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.set_cookie("portal_language", "en", domain="localhost")
    monkeypatch.setitem(app.config, "PORTAL_RECIPIENTS", ())
    assert "These companies" not in section_text(client, "recipients")
    assert "We do not transfer your data outside" in section_text(client, "transfers")


def test_each_category_names_only_the_companies_that_get_it(client: InvariantClient) -> None:
    client.set_cookie("portal_language", "en", domain="localhost")
    assert "Given to Only our own employees whose work needs it." in section_text(client, "content-interests")
    orders = section_text(client, "content-order_address")
    assert "whose work needs it, and also Testi Konesali Oy" in orders


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_register_is_called_by_its_name_in_the_readers_language(client: InvariantClient, language: str) -> None:
    client.set_cookie("portal_language", language, domain="localhost")
    page = client.get("/privacy-notice").texts("main")[0]
    names = [Controller().register(known) for known in ("fi", "sv", "en")]
    assert [name for name in names if name in page] == [Controller().register(language)]


@pytest.mark.parametrize("value", [Controller().street, Controller().register_name, Controller().city])
def test_the_controller_of_the_settings_is_named(client: InvariantClient, value: str) -> None:
    assert value in section_text(client, "controller")
