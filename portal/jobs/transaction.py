"""The one place in `jobs` that opens the business transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from flask import g

from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.unit_of_work import unit_of_work


def new_context() -> Context:
    """The context of a job that begins now. All transactions of one job share its id."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return Context(Actor("job"), datetime.now(UTC), Source.CONTROLLER, g.request_id)


@contextmanager
def transaction() -> Iterator[Context]:
    """Commit on success, roll back on an exception."""
    with unit_of_work(new_context()) as context:
        yield context
