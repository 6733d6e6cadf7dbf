"""The data copy of the demo's customer: asked for as on the page, made by the job."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from portal.cli.demo.credentials import CUSTOMER_EMAIL
from portal.cli.demo.people import Person
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.data_copy import data_copies


def ask_for_copy(context: Context, ids: dict[Person, int], accounts: dict[Person, int]) -> None:
    """Ask a moment ago, so that the copy is there at the first look."""
    owner = next(person for person in ids if person.email == CUSTOMER_EMAIL)
    moment = context.now - timedelta(minutes=2)
    asked = replace(context, actor=Actor("customer", accounts[owner]), source=Source.ACCOUNT, now=moment)
    data_copies.ask(asked, ids[owner], language=owner.language)
