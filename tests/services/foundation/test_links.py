"""Mailed links: proven by their row, their purpose and their age (SECURITY 13, 67, R20)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.mail.links import LIFE, link
from portal.models.account import PasswordReset
from portal.models.base import db
from portal.rules import tokens
from portal.services.accounts import password_reset
from portal.services.foundation import links
from portal.services.foundation.links import LinkEnded, LinkPurpose
from tests.support import builders
from tests.support.fixtures import Transaction

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
RESET = LinkPurpose.RESET_PASSWORD


@pytest.fixture
def token(transaction: Transaction) -> str:
    """The token of a link to a new password that was made at noon."""
    with transaction(now=NOON) as context:
        account = builders.account(context, language="sv")
        password_reset.request(context, account.email)
        row = db.session.execute(select(PasswordReset.id, PasswordReset.nonce)).one()
        return link(RESET, row.id, row.nonce).rsplit("/", 1)[1]


def test_a_link_leads_to_its_row(token: str, reading: Transaction) -> None:
    with reading(now=NOON) as context:
        assert links.follow(context, RESET, token) == 1
        assert links.language_of(context, RESET, token) == "sv"


@pytest.mark.parametrize("age", [LIFE[RESET], timedelta(days=400), timedelta(minutes=-6)])
@pytest.mark.security("R20")
def test_a_link_ends_and_a_clock_set_back_does_not_keep_it_alive(
    token: str, reading: Transaction, age: timedelta
) -> None:
    with reading(now=NOON + age) as context:
        with pytest.raises(LinkEnded):
            links.follow(context, RESET, token)
        assert links.language_of(context, RESET, token) is None


# The link to unsubscribe has no life of its own and is followed by `services/choices/unsubscribing.py`.
@pytest.mark.parametrize("purpose", sorted(set(LinkPurpose) - {RESET, LinkPurpose.UNSUBSCRIBE}))
def test_a_link_of_another_purpose_proves_nothing(token: str, reading: Transaction, purpose: LinkPurpose) -> None:
    with reading(now=NOON) as context, pytest.raises(LinkEnded):
        links.follow(context, purpose, token)


@pytest.mark.parametrize("text", [None, "", "x", "é" * 59, "A" * 59, "A" * 5000])
def test_what_is_no_token_proves_nothing(reading: Transaction, text: str | None) -> None:
    with reading() as context, pytest.raises(LinkEnded):
        links.follow(context, RESET, text)


def test_links_survive_a_new_key_and_end_with_the_old_one(
    app: Flask, token: str, reading: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = app.extensions["portal.keys"]
    fresh = b"another key of thirty-two bytes!"
    monkeypatch.setitem(app.extensions, "portal.keys", replace(keys, tokens=(fresh, *keys.tokens)))
    with reading(now=NOON) as context:
        assert links.follow(context, RESET, token) == 1
    monkeypatch.setitem(app.extensions, "portal.keys", replace(keys, tokens=(fresh,)))
    with reading(now=NOON) as context, pytest.raises(LinkEnded):
        links.follow(context, RESET, token)


@pytest.mark.security(13)
def test_a_token_is_a_mac_over_as_many_random_bits_as_nobody_guesses(token: str, reading: Transaction) -> None:
    with reading():
        nonce = db.session.execute(select(PasswordReset.nonce)).scalar_one()
    assert len(nonce) >= 16
    assert len({links.new_nonce() for _ in range(100)}) == 100
    assert len(tokens.read(token).mac) >= 16


@pytest.mark.security(13)
def test_the_database_holds_nothing_that_opens_a_link(token: str, reading: Transaction) -> None:
    with reading():
        row = db.session.execute(select(PasswordReset)).scalar_one()
        stored = " ".join(str(getattr(row, column.name)) for column in PasswordReset.__table__.c)
    assert token not in stored
