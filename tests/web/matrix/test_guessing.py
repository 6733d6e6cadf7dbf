"""Every form that takes a secret stops guesses, found by its fields: a new one is covered unasked (SECURITY 10, 11)."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import delete

from config import Limit, Throttles
from portal.models.base import db
from portal.models.session import ThrottleCounter
from tests.support.fixtures import Transaction
from tests.web.matrix.conftest import GENEROUS
from tests.web.matrix.found_forms import FoundForm, forms, open_form, sent_to
from tests.web.matrix.world import World

# What somebody could guess, by the name of the field, and a guess that is wrong.
GUESSES = {"password": "väärin arvattu salasana", "code": "000000", "credential": "{}"}
# A new passkey is no guess: it proves nothing but itself, to somebody who has just proven who it is.
NO_GUESS = {"auth.passkeys", "admin.passkeys"}
TRIES = 3


class Limits:
    """Sets the limits of one test: generous while pages are opened, tight while something is guessed."""

    def __init__(self, app: Flask, transaction: Transaction, monkeypatch: pytest.MonkeyPatch) -> None:
        self._app, self._transaction, self._monkeypatch = app, transaction, monkeypatch
        self.loosen()

    def loosen(self) -> None:
        """Nothing is stopped, and nothing was counted."""
        self._set()
        with self._transaction():
            db.session.execute(delete(ThrottleCounter))

    def tighten(self, *buckets: str) -> None:
        """Of these, only so many tries are left."""
        with self._transaction():
            db.session.execute(delete(ThrottleCounter))
        self._set(*buckets)

    def _set(self, *tight: str) -> None:
        names = Throttles.__dataclass_fields__
        limits = {name: Limit(TRIES, 300) if name in tight else GENEROUS for name in names}
        self._monkeypatch.setitem(self._app.config, "PORTAL_THROTTLES", replace(Throttles(), **limits))


@pytest.fixture
def limits(app: Flask, transaction: Transaction, monkeypatch: pytest.MonkeyPatch) -> Limits:
    return Limits(app, transaction, monkeypatch)


def answers(world: World, form: FoundForm, limits: Limits, *buckets: str) -> list[int]:
    """The statuses of one guess more than is allowed, each from a page that was opened anew."""
    world.log_in_again(form.person)
    client, found = world.client(form.person), []
    limits.loosen()
    data = open_form(client, form, world)
    limits.tighten(*buckets)
    for _ in range(TRIES + 1):
        guess = {name: wrong for name, wrong in GUESSES.items() if name in data}
        found.append(client.post(form.action, data={**data, **guess}).status_code)
    return found


def guessing(world: World) -> list[FoundForm]:
    found = [
        form for form in forms(world) if GUESSES.keys() & form.data.keys() and sent_to(form, world) not in NO_GUESS
    ]
    assert len(found) > len(GUESSES)
    return found


@pytest.mark.security(10, 11)
def test_every_form_that_takes_a_secret_stops_guesses(world: World, limits: Limits) -> None:
    problems = []
    for form in guessing(world):
        found = answers(world, form, limits, *Throttles.__dataclass_fields__)
        if found[-1] != 429 or 429 in found[:-1]:
            problems.append(f"{form.name} as {form.person.name}: {found}")
    assert not problems, "\n".join(problems)


@pytest.mark.security(11)
@pytest.mark.parametrize("bucket", ["second_factor", "second_factor_hour"])
def test_every_second_factor_is_counted_for_five_minutes_and_for_an_hour(
    world: World, limits: Limits, bucket: str
) -> None:
    problems = []
    for form in guessing(world):
        if "code" not in form.data and not form.action.startswith("/admin/second-factor/passkey"):
            continue
        found = answers(world, form, limits, bucket)
        if found[-1] != 429 or 429 in found[:-1]:
            problems.append(f"{form.name} as {form.person.name}: {found}")
    assert not problems, "\n".join(problems)
