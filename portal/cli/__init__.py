"""The commands of `flask --app wsgi …`."""

from __future__ import annotations

from flask import Flask

from portal.cli import audit, demo, jobs, keys, orders, staff, usage


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(audit.group)
    app.cli.add_command(demo.command)
    app.cli.add_command(jobs.group)
    app.cli.add_command(keys.group)
    app.cli.add_command(orders.group)
    app.cli.add_command(staff.group)
    app.cli.add_command(usage.group)
