"""Fields a form does not have change nothing (SECURITY 34)."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from config import Settings
from portal.models.base import db
from tests.support.databases import Database
from tests.support.fixtures import Transaction
from tests.web.matrix.dump import Dump, dump
from tests.web.matrix.found_forms import FoundForm, forms, open_form
from tests.web.matrix.world import World, build

pytestmark = pytest.mark.usefixtures("no_throttle")
FORGED: dict[str, str] = {
    "role": "administrator",
    "customer_id": "1",
    "account_id": "1",
    "staff_id": "1",
    "id": "1",
    "uuid": "00000000-0000-0000-0000-000000000007",
    "email_verified": "1",
    "email_identity": "forged@example.com",
    "user_name": "forged",
    "is_admin": "1",
    "is_active": "1",
    "disabled_at": "",
    "price": "1",
    "gross": "1",
    "permission": "staff.manage",
    "totp_seed": "forged",
    "totp_last_step": "0",
    "password_hash": "forged",
    "created_at": "2020-01-01",
    "version_id": "1",
    "status": "forged",
    "state": "answered",
    "reference": "TP-2020-0001",
    "received_on": "2020-01-01",
    "closed_at": "2020-01-01",
    "employment_ends_on": "2099-12-31",
    "second_factor_at": "2026-01-01",
}

# What holds the minute of its making: two runs may agree on it, and the third not.
OF_THE_MINUTE = {("access_request", "statement"), ("access_request", "statement_sha256")}


class Result:
    """What a submission led to."""

    def __init__(self, status: str, after: Dump) -> None:
        self.status = status
        self.rows = {name: len(rows) for name, rows in after.items()}
        self.values = dict(_values(after))


def _values(content: Dump) -> Iterator[tuple[tuple[str, int, str], Any]]:
    for table, rows in content.items():
        for number, row in enumerate(rows):
            for column, value in row.items():
                yield (table, number, column), value


def submit(world: World, form: FoundForm, extra: dict[str, str]) -> Result:
    world.log_in_again(form.person)
    client = world.client(form.person)
    data = open_form(client, form, world)
    response = client.post(form.action, data={**extra, **data})
    return Result(response.status, dump(world.app))


def submit_all(world: World, extra: dict[str, str]) -> list[tuple[str, Result]]:
    """Every form of a world, one after the other."""
    return [
        (form.name, submit(world, form, {key: value for key, value in extra.items() if key not in form.data}))
        for form in forms(world)
    ]


@pytest.mark.security(34)
def test_forged_fields_change_nothing(
    app: Flask, settings: Settings, transaction: Transaction, opened_database: Database, database: Database
) -> None:
    runs = []
    # Twice as it is, to learn what differs by chance and by the clock alone; then forged.
    for extra in ({}, {}, FORGED):
        with app.app_context():
            db.engine.dispose()
        opened_database.reset()
        runs.append(submit_all(build(app, settings.base_url, transaction), extra))
    problems, effective = [], 0
    for (name, plain), (_, control), (_, forged) in zip(*runs, strict=True):
        problems += [f"{name}: {line}" for line in differences(plain, control, forged)]
        effective += plain.status.startswith("303")
    assert not problems, "\n".join(problems)
    assert effective > 20, "hardly any form did something: the values typed into them are not good enough"


def differences(plain: Result, control: Result, forged: Result) -> list[str]:
    """What the forged fields changed."""
    by_chance = {column_of(key) for key in plain.values if plain.values[key] != control.values.get(key)}
    by_chance |= OF_THE_MINUTE
    found = [
        f"{key} is {forged.values.get(key)!r} instead of {value!r}"
        for key, value in plain.values.items()
        if column_of(key) not in by_chance and forged.values.get(key) != value
    ]
    if forged.rows != plain.rows:
        found.append("more or fewer rows")
    if forged.status != plain.status:
        found.append(f"{forged.status} instead of {plain.status}")
    return found


def column_of(key: tuple[str, int, str]) -> tuple[str, str]:
    """The column of a value."""
    return key[0], key[2]
