"""The one place in `cli` that opens the business transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.foundation import readiness
from portal.services.unit_of_work import unit_of_work


def _require_schema() -> None:
    """End the command with one line that says what to run first."""
    try:
        readiness.refuse_wrong_schema()
    except readiness.WrongSchema as error:
        raise click.ClickException(str(error)) from error


def new_context() -> Context:
    """The context of a command that begins now. Over another schema the command ends with one line instead."""
    _require_schema()
    return Context(Actor("command"), datetime.now(UTC), Source.CONTROLLER, secrets.token_hex(8))


@contextmanager
def transaction() -> Iterator[Context]:
    """Commit on success, roll back on an exception."""
    with unit_of_work(new_context()) as context:
        yield context
