"""`flask --app wsgi usage pages`: which pages are used, counted over customers who consented to it."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.cli.transaction import new_context
from portal.services.choices import usage_report

group = AppGroup("usage", help="Usage statistics.")


@group.command("pages")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 92), help="How far to look back.")
def pages(days: int) -> None:
    """How many customers opened each page, and how often. Fewer than five are not told."""
    for use in usage_report.by_page(new_context(), days):
        if use.customers is None:
            click.echo(f"{use.page}: fewer than {usage_report.FEWEST} customers")
        else:
            click.echo(f"{use.page}: {use.customers} customers, {use.views} views")
