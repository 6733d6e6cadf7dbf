"""What the pages of an import show: states, counts and problems in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.rules import csv_cells
from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date, format_datetime, format_money, format_number, format_size
from portal.rules.texts import text
from portal.services.imports import order_upload_files, order_uploads
from portal.services.imports.problems import BadCell
from portal.web.addresses import url_for
from portal.web.language import current_locale
from portal.web.order_rows import shown_status

# States in which a worker has something to do.
BUSY = ("waiting", "confirmed")
SHOWN_PROBLEMS = 100
_BYTE_ORDER_MARK = "\ufeff"
_KINDS = {
    "waiting": ("info", "clock"),
    "refused": ("bad", "exclamation-circle"),
    "ready": ("warn", "eye"),
    "unchanged": ("muted", "check-circle"),
    "confirmed": ("info", "clock"),
    "imported": ("ok", "check-circle"),
    "failed": ("bad", "x-circle"),
}


class ShownState(NamedTuple):
    """A state as its tag shows it."""

    code: str
    kind: str
    icon: str
    word: str


class ShownProblem(NamedTuple):
    """One fault as a row of the page."""

    where: str
    column: str
    value: str
    reason: str


def shown_state(upload: Any) -> ShownState:
    """The state of an upload in the reader's language; one that would change nothing waits for nobody."""
    code = "unchanged" if upload.state == "ready" and not order_uploads.changes_something(upload) else upload.state
    kind, icon = _KINDS[code]
    return ShownState(code, kind, icon, text(f"imports.state.{code}", current_locale()))


def shown_uploads(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """The files of the last day."""
    return [
        {
            "url": url_for("admin.import_file", upload=row.uuid),
            "moment": format_datetime(row.created_at, current_locale()),
            "shop": row.shop_name,
            "format": _format(row.file_format),
            "staff": row.staff,
            "state": shown_state(row),
        }
        for row in rows
    ]


def shown_runs(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Imports that changed something, by employees and by command."""
    locale = current_locale()
    return [
        {
            "moment": format_datetime(row.started_at, locale),
            "shop": row.shop_name,
            "format": _format(row.file_format),
            "staff": row.staff or text(f"actor.{row.actor_kind}", locale),
            "added": format_number(row.orders_added, locale),
            "changed": format_number(row.orders_changed, locale),
            "customers": format_number(row.customers_added, locale),
        }
        for row in rows
    ]


def shown_facts(upload: Any) -> list[dict[str, str]]:
    """What the file is."""
    locale = current_locale()
    facts = (
        ("shop", upload.shop_name),
        ("format", _format(upload.file_format)),
        ("size", format_size(upload.size, current_locale())),
        ("uploaded", text("imports.by", locale, moment=format_datetime(upload.created_at, locale), name=upload.staff)),
        ("digest", upload.digest.hex()[:16]),
    )
    return [{"key": text(f"imports.fact.{code}", locale), "value": value} for code, value in facts]


def shown_counts(upload: Any) -> list[dict[str, str]]:
    """What importing the file changes, or changed; empty before it was checked."""
    if upload.orders is None:
        return []
    counts = {
        "orders": upload.orders,
        "lines": upload.lines,
        "added": upload.added,
        "changed": upload.changed,
        "unchanged": upload.orders - upload.added - upload.changed,
        "customers": upload.customers,
    }
    if upload.skipped:
        counts["skipped"] = upload.skipped
    locale = current_locale()
    return [
        {"key": text(f"imports.count.{code}", locale), "value": format_number(count, locale)}
        for code, count in counts.items()
    ]


def shown_sample(name: UUID) -> list[dict[str, Any]]:
    """The beginning of the orders."""
    locale = current_locale()
    return [
        {
            **order,
            "day": format_date(helsinki_date(datetime.fromisoformat(order["placed_at"]).replace(tzinfo=UTC)), locale),
            "total": format_money(order["gross"], order["currency"], locale),
            "status": shown_status(order["status"]),
        }
        for order in order_upload_files.sample(name)
    ]


def shown_problems(name: UUID) -> list[ShownProblem]:
    """The first faults of the file."""
    locale = current_locale()
    return [
        ShownProblem(_where(problem, locale), problem.column, problem.value, problem.reason.told(locale))
        for problem in order_upload_files.problems(name, SHOWN_PROBLEMS)
    ]


def table_of(name: UUID, locale: str) -> Iterator[str]:
    """Every fault as a line of a CSV file (SECURITY 52), read while it is sent."""
    return _table(order_upload_files.problems(name), locale)


def _table(problems: Iterator[BadCell], locale: str) -> Iterator[str]:
    # The mark tells spreadsheets that it is UTF-8.
    yield _BYTE_ORDER_MARK
    columns = ("place", "order", "column", "value", "reason")
    yield csv_cells.line(text(f"imports.errors.{column}", locale) for column in columns)
    for problem in problems:
        place = problem.place or None
        yield csv_cells.line((place, problem.order, problem.column, problem.value, problem.reason.told(locale)))


def _where(problem: BadCell, locale: str) -> str:
    where = problem.where(locale)
    return where[:1].upper() + where[1:]


def _format(code: str) -> str:
    return text(f"imports.format.{code}", current_locale())
