"""The audit log for those who watch over the register: filters, pages, and the verification of the chain."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.rules.errors import RuleBroken
from portal.services.auditing import audit_checks, audit_log
from portal.services.auditing.audit_log import Filters, LogPage
from portal.web import access
from portal.web.admin.audit_rows import shown_check, shown_choices, shown_event
from portal.web.admin.forms import AuditFilterForm, CustomerNumberForm
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction

# The filters as they stand in the address; a link keeps them as they were given.
NAMES = ("action", "actor", "employee", "customer", "first", "last", "request")


@access.staff("audit.read")
def show() -> ResponseReturnValue:
    """GET, POST /admin/audit. Parameters: those of NAMES, after, before. The POST finds a customer by number."""
    asked, typed, given = CustomerNumberForm(), AuditFilterForm(request.args), filters_of_address()
    if asked.validate_on_submit():
        with rules_on(asked):
            found_customer = audit_log.customer_of(current_context(), asked.number.data or "")
            return redirect(_url(given, customer=found_customer), 303)
    filters, found = _listed(typed, given)
    if found and request.method == "GET" and not (request.args.get("after") or request.args.get("before")):
        with transaction() as context:
            audit_log.note_reading(context, filters)
    wrong = typed if typed.errors else asked
    return page("admin/audit.html", form=wrong, asked=asked, typed=typed, **_shown(given, filters, found))


@access.staff("audit.read")
def check() -> ResponseReturnValue:
    """POST /admin/audit/check: let the whole chain be verified."""
    with transaction() as context:
        audit_checks.ask(context)
    flash_code("audit_check.asked", "info")
    return redirect(url_for("admin.audit"), 303)


def filters_of_address() -> dict[str, str]:
    """What the address says of each filter."""
    return {name: request.args[name] for name in NAMES if request.args.get(name)}


def _listed(typed: AuditFilterForm, given: dict[str, str]) -> tuple[Filters, LogPage | None]:
    """What the filters of the address find; None where something typed cannot be meant, which the form then says."""
    context, args = current_context(), request.args
    try:
        filters = audit_log.check_filters(context, given)
        return filters, audit_log.listing(context, filters, after=args.get("after", ""), before=args.get("before", ""))
    except ValueError:
        abort(400)
    except RuleBroken as error:
        typed.put(error)
    chosen = {name: value for name, value in given.items() if name not in audit_log.TYPED}
    return audit_log.check_filters(context, chosen), None


def _shown(given: dict[str, str], filters: Filters, found: LogPage | None) -> dict[str, Any]:
    return {
        "given": {name: given.get(name) for name in NAMES},
        "filters": filters,
        "choices": shown_choices(audit_log.employees(current_context())),
        "number": audit_log.number_of(filters.customer),
        "events": [shown_event(row, found) for row in found.rows] if found else None,
        "check": shown_check(audit_checks.latest(current_context()), audit_checks.ended(current_context())),
        "everybody_url": _url({name: value for name, value in given.items() if name != "customer"}),
        "export_url": _url(given, endpoint="admin.audit_export"),
        "newer_url": _url(given, before=found.newer) if found and found.newer else None,
        "older_url": _url(given, after=found.older) if found and found.older else None,
    }


def _url(given: dict[str, str], *, endpoint: str = "admin.audit", **more: str | UUID) -> str:
    values: dict[str, Any] = {**given, **more}
    return url_for(endpoint, **values)
