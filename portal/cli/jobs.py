"""`flask --app wsgi jobs …`: the worker with the schedule, and what waits."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo
from huey import Huey
from huey.consumer import Consumer

from portal.cli.transaction import new_context, transaction
from portal.jobs.engine import prepare_store
from portal.services.data_copy import data_copy_queue
from portal.services.imports import order_upload_queue
from portal.services.messaging import outbox

group = AppGroup("jobs", help="Background work.")
# Seconds after which an idle worker looks at a store that cannot wake it.
LONGEST_PAUSE = 2


def make_consumer(huey: Huey, workers: int) -> Consumer:
    """A worker process with the schedule. Its `run` must be called in the main thread: it handles the signals."""
    prepare_store(huey)
    return huey.create_consumer(workers=workers, max_delay=LONGEST_PAUSE, graceful_signal="TERM", shutdown_timeout=30)


@group.command("run", with_appcontext=False)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 16), help="Threads that work.")
@click.pass_context
def run(context: click.Context, workers: int) -> None:
    """Carry out background work and the schedule until SIGTERM or SIGINT."""
    app = context.ensure_object(ScriptInfo).load_app()
    app.extensions["portal.check_before_serving"]()
    make_consumer(app.extensions["portal.huey"], workers).run()


@group.command("status")
def status() -> None:
    """How many messages, data copies and order files there are in each status."""
    context = new_context()
    for name, count in sorted(outbox.counts(context).items()):
        click.echo(f"{name}: {count}")
    for name, count in sorted(data_copy_queue.counts(context).items()):
        click.echo(f"data copies {name}: {count}")
    for name, count in sorted(order_upload_queue.counts(context).items()):
        click.echo(f"order files {name}: {count}")


@group.command("retry")
def retry() -> None:
    """Put every failed message, data copy and order file back in line.

    An order file that was confirmed is imported then, and any other is checked; one that lies on the disk no more must
    be uploaded again.
    """
    with transaction() as context:
        count = outbox.try_again(context)
        copies = data_copy_queue.try_again(context)
        files = order_upload_queue.try_again(context)
    if copies:
        current_app.extensions["portal.wake_jobs"]()
    click.echo(f"{count} messages are waiting again.")
    if copies:
        click.echo(f"{copies} data copies are waiting again.")
    if files.waiting:
        click.echo(f"{files.waiting} order files are waiting again.")
    if files.gone:
        click.echo(f"{files.gone} order files are gone from the disk: upload them again.")
