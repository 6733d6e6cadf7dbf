"""Orders of all shops: a list by filters or by number, and one order, which opens with its customer only."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.rules.errors import NotFound
from portal.rules.order_status import STATUSES
from portal.services.orders import orders, staff_orders
from portal.services.orders.staff_orders import Page, StaffFilters
from portal.services.register import customer_openings, customer_search
from portal.web import access
from portal.web.admin.forms import SearchForm
from portal.web.forms import rules_on
from portal.web.order_details import shown_order
from portal.web.order_rows import shown_status
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.staff("orders.read")
def listing() -> ResponseReturnValue:
    """GET and POST /admin/orders, newest first. Parameters: key of a search, or year, status, shop, after, before."""
    form = SearchForm()
    if form.validate_on_submit():
        with rules_on(form), transaction() as context:
            key = customer_search.remember(context, "orders", form.term.data or "")
        if not form.errors:
            return redirect(url_for("admin.orders", key=key), 303)
    elif "key" in request.args:
        return _search(form, request.args["key"])
    return _list(form)


@access.staff("orders.read")
def show(number: str) -> ResponseReturnValue:
    """GET /admin/orders/<number>: one order, for the purpose its customer was opened for."""
    context = current_context()
    owner = staff_orders.owner(context, number)
    if customer_openings.current(context, owner.customer_uuid) is None:
        return redirect(url_for("admin.open_customer", customer=owner.customer_uuid, next=request.path), 303)
    found = orders.detail(context, owner.customer_id, number)
    subject = customer_openings.subject_of(context, owner.customer_uuid)
    return page("admin/order.html", subject=subject, **shown_order(found))


def _search(form: SearchForm, key: str) -> ResponseReturnValue:
    try:
        term = customer_search.recall(current_context(), "orders", key)
    except NotFound:
        flash_code("search.ended", "info")
        return redirect(url_for("admin.orders"), 303)
    found = staff_orders.search(current_context(), term)
    with transaction() as context:
        customer_search.note_listing(context, "orders", len(found.rows))
    form.term.data = term
    return _page(form, found, StaffFilters(), searched=True)


def _list(form: SearchForm) -> ResponseReturnValue:
    context, args = current_context(), request.args
    try:
        filters = staff_orders.check_filters(
            context, args.get("year", ""), args.get("status", ""), args.get("shop", "")
        )
        found = staff_orders.listing(context, filters, after=args.get("after", ""), before=args.get("before", ""))
    except ValueError:
        abort(400)
    with transaction() as writing:
        staff_orders.note_listing(writing)
    return _page(form, found, filters)


def _page(form: SearchForm, found: Page, filters: StaffFilters, *, searched: bool = False) -> ResponseReturnValue:
    return page(
        "admin/orders.html",
        form=form,
        found=found,
        filters=filters,
        searched=searched,
        choices=staff_orders.choices(current_context()),
        statuses={code: shown_status(code) for code in STATUSES},
        newer_url=_url(filters, before=found.newer) if found.newer else None,
        older_url=_url(filters, after=found.older) if found.older else None,
    )


def _url(filters: StaffFilters, *, after: str | None = None, before: str | None = None) -> str:
    return url_for(
        "admin.orders", year=filters.year, status=filters.status, shop=filters.shop, after=after, before=before
    )
