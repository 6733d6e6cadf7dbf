"""Employees' accounts from the command line: how the first administrator comes to be (SECURITY 28)."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from portal.cli.transaction import transaction
from portal.rules.errors import RuleBroken
from portal.rules.staff_roles import Role
from portal.rules.texts import text
from portal.services.employees import staff_accounts

group = AppGroup("staff", help="Employees' accounts.")


@group.command("create")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What the employee does.")
@click.option("--name", default="", help="The employee's name; asked for with the link when left out.")
def create(email: str, role: str, name: str) -> None:
    """Print a one-time link with which EMAIL chooses a password and sets up the second factor.

    For a known employee it prints a new link and ends the one before.
    """
    try:
        with transaction() as context:
            token = staff_accounts.create(context, email, role, name)
    except RuleBroken as error:
        raise click.ClickException("\n".join(text(item.code, "en", **item.params) for item in error.problems)) from None
    hours = int(staff_accounts.LIFETIME.total_seconds() // 3600)
    click.echo(f"This link works once, for {hours} hours. Give it to {email} in person:", err=True)
    # The address is put together from the setting, as in mail: a command has no request to take a host from.
    click.echo(f"{current_app.config['PORTAL_BASE_URL']}/admin/invite/{token}")
