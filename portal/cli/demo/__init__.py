"""`flask --app wsgi demo`: a portal with made-up customers on this computer, in one command."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import click
from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import upgrade

from portal.cli.demo import credentials, recipients, server
from portal.cli.demo.seed import ForeignData, is_seeded, seed
from portal.cli.transaction import transaction
from portal.jobs import copies, purge

# The register notice names a contact person; nobody's name ships as a setting, so the demo makes one up.
CONTACT_PERSON = "Kirsi Vainio"
# The address of a site that was given none: it follows the port. One that was named stands, for links are made of it.
UNNAMED = "http://localhost:5000"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command("demo", help="Fill an embedded database with fictional customers and serve the portal on this computer.")
@click.option("--serve/--no-serve", default=True, help="Serve the portal, with its jobs in the same process.")
@click.option("--json", "as_json", is_flag=True, help="Print how to log in as one JSON object.")
@click.option("--host", default="127.0.0.1", show_default=True, type=click.Choice(LOOPBACK))
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
@click.pass_context
def command(context: click.Context, serve: bool, as_json: bool, host: str, port: int) -> None:
    """The command. The second start reuses the database of the first; nothing is ever overwritten."""
    app = context.ensure_object(ScriptInfo).load_app()
    if app.config["PORTAL_ENV"] == "production":
        raise click.ClickException("The demo has made-up customers and known log-ins: it never runs in production.")
    # The port is taken before anything is printed, so that what is printed is true.
    opened = server.open_socket(host, port) if serve else None
    if app.config["PORTAL_BASE_URL"] == UNNAMED:
        app.config["PORTAL_BASE_URL"] = f"http://localhost:{port}"
    controller = app.config["PORTAL_CONTROLLER"]
    app.config["PORTAL_CONTROLLER"] = replace(controller, contact_person=controller.contact_person or CONTACT_PERSON)
    app.config["PORTAL_RECIPIENTS"] = app.config["PORTAL_RECIPIENTS"] or recipients.MADE_UP
    _prepare(app)
    if opened is not None:
        _refuse_strangers(app)
    with app.app_context():
        _tell(app, as_json=as_json)
    if opened is not None:
        server.run(app, opened)


def _refuse_strangers(app: Flask) -> None:
    try:
        app.extensions["portal.check_before_serving"]()
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def _prepare(app: Flask) -> None:
    with app.app_context():
        upgrade()
        if is_seeded():
            return
        hashes = credentials.hash_all()
        try:
            with transaction() as context:
                seed(context, hashes)
        except ForeignData as error:
            raise click.ClickException(str(error)) from None
        # What retention would have dropped by now goes; then what was asked for is made. Both as always, by their jobs.
        purge.run()
        copies.run()


def _tell(app: Flask, *, as_json: bool) -> None:
    customer, staff, care = credentials.customer(), credentials.administrator(), credentials.customer_care()
    privacy = credentials.privacy()
    base_url = app.config["PORTAL_BASE_URL"]
    if as_json:
        told = {
            "base_url": base_url,
            "customer": asdict(customer),
            "staff": asdict(staff),
            "customer_care": asdict(care),
            "privacy": asdict(privacy),
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"\nThe portal:      {base_url}")
    click.echo(f"  customer       {customer.email}")
    click.echo(f"  password       {customer.password}\n")
    click.echo(f"For employees:   {base_url}/admin/login")
    for role, member in (("administrator", staff), ("customer care", care), ("privacy team", privacy)):
        click.echo(f"  {role:<14} {member.email}")
        click.echo(f"  password       {member.password}")
        click.echo(f"  code now       {member.code_now()}")
        click.echo(f"  secret         {member.totp_secret}")
        click.echo(f"  authenticator  {member.provisioning_uri}\n")
    click.echo(f"Mail is written to {app.config['PORTAL_SMTP_URL'].removeprefix('file:')}.")
