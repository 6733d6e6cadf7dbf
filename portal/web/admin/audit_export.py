"""The filtered audit log as a table for a spreadsheet (SECURITY 24, 52)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import Response, abort, request, stream_with_context
from flask.typing import ResponseReturnValue

from portal.rules.clock import helsinki_date
from portal.rules.csv_cells import line
from portal.rules.errors import RuleBroken
from portal.rules.formats import format_date_iso
from portal.rules.shown_values import word
from portal.services.auditing import audit_log
from portal.services.auditing.audit_log import Filters
from portal.web import access
from portal.web.admin.audit import filters_of_address
from portal.web.language import current_locale
from portal.web.transaction import current_context, transaction

HEADER = ("position", "time", "event", "words", "actor", "employee", "customer", "details", "request")
# By it spreadsheets know that the letters are UTF-8.
MARK = "\ufeff"


@access.file_on("admin.audit")
@access.staff_fresh("audit.read")
def download() -> ResponseReturnValue:
    """GET /admin/audit/export with the filters of the list: every event that matches, newest first."""
    try:
        filters = audit_log.check_filters(current_context(), filters_of_address())
    except (ValueError, RuleBroken):
        abort(400)
    if request.method == "GET":
        with transaction() as context:
            audit_log.note_export(context, filters)
    name = f"audit-{format_date_iso(helsinki_date(current_context().now))}.csv"
    answer = Response(stream_with_context(_lines(filters, current_locale())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _lines(filters: Filters, locale: str) -> Iterator[str]:
    """The table, a line at a time. Employees and customers stand in it as numbers, details as codes."""
    yield MARK + line(HEADER)
    for row in audit_log.everything(current_context(), filters):
        yield line(_cells(row, locale))


def _cells(row: Any, locale: str) -> list[str | int | None]:
    return [
        row.seq,
        row.occurred_at.isoformat(timespec="seconds"),
        row.action,
        word("audit", row.action, locale),
        row.actor_kind,
        row.staff_id,
        audit_log.number_of(row.customer_id),
        json.dumps(row.details, ensure_ascii=False, sort_keys=True),
        row.request_id,
    ]
