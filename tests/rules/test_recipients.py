"""The list of recipients: what it takes, what it refuses and how it is read."""

import json
from typing import Any

import pytest

from portal.rules.recipients import Role, Safeguard, Task, given_to, parse, shown, transfers
from portal.rules.register import Purpose
from portal.rules.texts import LOCALES, TEXTS

HOST: dict[str, Any] = {
    "name": "Esimerkki Konesali Oy",
    "role": "processor",
    "tasks": ["hosting"],
    "purposes": ["orders", "account_security"],
    "country": "FI",
}
ABROAD = {**HOST, "name": "Example Support Ltd", "country": "GB", "safeguard": "adequacy"}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in HOST.items() if key != name}


def test_nothing_is_no_recipient() -> None:
    assert parse("") == parse("  ") == parse("[]") == ()


def test_a_list_is_read_whole() -> None:
    host, abroad = parse(json.dumps([HOST, ABROAD]))
    assert (host.name, host.role, host.country, host.safeguard) == (HOST["name"], Role.PROCESSOR, "FI", None)
    assert host.purposes == (Purpose.ORDERS, Purpose.ACCOUNT_SECURITY)
    assert (abroad.tasks, abroad.safeguard) == ((Task.HOSTING,), Safeguard.ADEQUACY)
    assert [item.outside_eea for item in (host, abroad)] == [False, True]


@pytest.mark.parametrize("country", ["FI", "AX", "IS", "NO", "LI"])
def test_the_eea_needs_no_safeguard(country: str) -> None:
    (found,) = parse(json.dumps([{**HOST, "country": country}]))
    assert not found.outside_eea


@pytest.mark.parametrize(
    ("item", "named"),
    [
        (without("name"), "1 name: Field required"),
        (without("role"), "1 role: Field required"),
        (without("country"), "1 country: Field required"),
        ({**HOST, "name": "  "}, "1 name: String should have at least 1 character"),
        ({**HOST, "name": "Rivi\nRivi Oy"}, "1 name: String should match"),
        ({**HOST, "role": "friend"}, "1 role: Input should be 'processor' or 'controller'"),
        ({**HOST, "tasks": []}, "1 tasks: Tuple should have at least 1 item"),
        ({**HOST, "tasks": ["juggling"]}, "1 tasks 1: Input should be 'hosting'"),
        ({**HOST, "purposes": []}, "1 purposes: Tuple should have at least 1 item"),
        ({**HOST, "country": "Suomi"}, "1 country: a country is a code of two letters"),
        ({**HOST, "country": "US"}, "1: US is outside the EEA: name the safeguard"),
        ({**HOST, "safeguard": "adequacy"}, "1: FI is in the EEA"),
        ({**ABROAD, "safeguard": "trust"}, "1 safeguard: Input should be 'adequacy'"),
        ({**HOST, "contact": "Kirsi Vainio"}, "1 contact: Extra inputs are not permitted"),
    ],
)
def test_what_could_not_be_printed_is_refused_by_name(item: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        parse(json.dumps([item]))


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"(?s)1 role: .*2: US is outside"):
        parse(json.dumps([{**HOST, "role": "friend"}, {**HOST, "country": "US"}]))


@pytest.mark.parametrize("written", ["{", '{"name": "Yksi Oy"}', '"FI"', "null"])
def test_what_is_no_list_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"Invalid JSON|valid array"):
        parse(written)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_recipient_is_told_in_every_language(locale: str) -> None:
    host, abroad = (shown(item, locale) for item in parse(json.dumps([HOST, ABROAD])))
    assert not host.safeguard
    assert all(abroad)
    assert {"fi": "Suomi", "sv": "Finland", "en": "Finland"}[locale] == host.country
    outside = {"fi": "EU:n ja ETA:n ulkopuolella", "sv": "utanför EU och EES", "en": "outside the EU and the EEA"}
    assert outside[locale] in abroad.country


def test_only_who_gets_data_for_one_of_the_purposes_is_named() -> None:
    named = [("Yksi Oy", (Purpose.ORDERS, Purpose.INVOICING)), ("Kaksi Oy", (Purpose.ORDERS,))]
    alone = "Vain omat työntekijämme, joiden työ sitä vaatii"
    assert given_to((Purpose.PERSONALISATION,), named, "fi") == given_to((Purpose.ORDERS,), [], "fi") == alone
    assert given_to((Purpose.INVOICING, Purpose.MARKETING), named, "fi").endswith("vaatii, sekä Yksi Oy")
    assert given_to((Purpose.ORDERS,), named, "fi").endswith("sekä Yksi Oy ja Kaksi Oy")
    assert given_to((Purpose.ORDERS,), named, "sv").endswith("kräver det samt Yksi Oy och Kaksi Oy")


def test_every_code_has_its_text() -> None:
    codes = [f"recipient.{kind.__name__.lower()}.{code}" for kind in (Role, Task, Safeguard) for code in kind]
    assert not [code for code in codes if code not in TEXTS]


def test_the_sentence_about_transfers_is_true_of_the_list() -> None:
    host, abroad = parse(json.dumps([HOST, ABROAD]))
    assert transfers(()) == transfers((host,)) == "notice.transfers"
    assert transfers((host, abroad)) == "notice.transfers.named"
