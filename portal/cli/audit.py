"""`flask --app wsgi audit verify`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.cli.transaction import new_context, transaction
from portal.rules.texts import text
from portal.services.auditing import audit, audit_verify

group = AppGroup("audit", help="The audit log.")


@group.command("verify")
def verify() -> None:
    """Follow the whole audit chain. Ends with 1 and names the first bad event when there is one."""
    verdict = audit_verify.verify(new_context())
    if verdict.reason is not None:
        sentence = text(f"audit_check.{verdict.reason}", "en")
        raise click.ClickException(
            f"Event {verdict.bad_seq}: {sentence}. {verdict.rows} events were read without fault."
        )
    with transaction() as context:
        audit.record(context, "audit.verified", rows=verdict.rows)
    click.echo(f"{verdict.rows} {'event' if verdict.rows == 1 else 'events'}, unbroken.")
