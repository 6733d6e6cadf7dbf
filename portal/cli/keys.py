"""`flask --app wsgi keys rotate`."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

from portal.cli.transaction import transaction
from portal.services.accounts import key_rotation

group = AppGroup("keys", help="The portal's secrets.")


@group.command("rotate")
def rotate() -> None:
    """Encrypt with the first of PORTAL_ENCRYPTION_KEYS what was encrypted with another one.

    Afterwards the others may go. Ends with 1 and names the rows whose key is gone already.
    """
    renewed = current = 0
    lost: list[str] = []
    for column in key_rotation.ENCRYPTED:
        for batch in _batches(column):
            renewed, current = renewed + batch.renewed, current + batch.current
            lost += [f"{column.class_.__tablename__} {number}, {column.key}" for number in batch.unreadable]
    if renewed:
        with transaction() as context:
            key_rotation.record(context, renewed)
    click.echo(f"{renewed} encrypted anew, {current} had the newest key already.")
    if lost:
        raise click.ClickException(
            "The key is gone of: " + "; ".join(lost) + ". Put it back into PORTAL_ENCRYPTION_KEYS behind the newest "
            "and run this again, or have these second factors set up anew."
        )


def _batches(column: Any) -> list[key_rotation.Batch]:
    """All rows of a column, each batch in a transaction of its own, so that nobody waits for long."""
    found: list[key_rotation.Batch] = []
    after: int | None = 0
    while after is not None:
        with transaction() as context:
            batch = key_rotation.rotate(context, column, after)
        found.append(batch)
        after = batch.last
    return found
