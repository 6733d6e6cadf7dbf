"""The one place in `jobs` that opens the business transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
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
def transaction(actor: Actor | None = None) -> Iterator[Context]:
    """Commit on success, roll back on an exception. With an `actor` the job only carries out what they asked for."""
    context = new_context()
    with unit_of_work(replace(context, actor=actor) if actor else context) as context:
        yield context
