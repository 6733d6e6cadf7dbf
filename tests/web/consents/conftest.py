"""A customer at the switches, and the link of a mail."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.mail.links import unsubscribe_link
from portal.models.base import db
from portal.models.consent import ConsentEvent
from portal.models.customer import Customer
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction

Stored = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    """A customer who can log in."""
    with transaction() as context:
        return builders.account(context, email="aino@example.com", first_name="Aino", language="sv")


@pytest.fixture
def chooser(client: InvariantClient, owner: MadeAccount) -> InvariantClient:
    """The browser in which the owner is logged in, in English."""
    client.set_cookie("portal_language", "en")
    client.language = "en"
    client.log_in(owner)
    return client


@pytest.fixture
def stored(reading: Transaction) -> Stored:
    """Every choice in the database as (kind, action), in the order of its row."""

    def find() -> list[tuple[str, str]]:
        with reading():
            rows: list[Any] = list(
                db.session.execute(select(ConsentEvent.kind, ConsentEvent.action).order_by(ConsentEvent.id))
            )
        return [(row.kind, row.action) for row in rows]

    return find


@pytest.fixture
def link(app: Flask, owner: MadeAccount, reading: Transaction) -> str:
    """The path of the owner's link that ends marketing by mail."""
    with reading():
        name = db.session.get_one(Customer, owner.customer_id).uuid
        return unsubscribe_link(owner.customer_id, name).removeprefix(app.config["PORTAL_BASE_URL"])
