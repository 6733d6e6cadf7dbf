"""The order history. Its filters stand in the address, so that going back and reloading work.

The search term is compared with product names and order numbers alone, never with people, and no log of the portal
keeps an address's parameters (SECURITY 41).
"""

from __future__ import annotations

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.clock import helsinki_date
from portal.rules.errors import RuleBroken
from portal.services.orders import orders
from portal.services.orders.order_search import Filters, check_filters
from portal.services.orders.orders import HistoryPage
from portal.web import access
from portal.web.language import current_locale
from portal.web.order_rows import shown_orders, status_choices
from portal.web.orders.forms import FilterForm
from portal.web.pages import page
from portal.web.transaction import current_context


@access.customer
def show() -> ResponseReturnValue:
    """GET /orders: the customer's orders, newest first. Parameters: q, year, status, after, before."""
    context, customer_id, args = current_context(), current_user.customer_id, request.args
    form = None
    try:
        filters = check_filters(args.get("q", ""), args.get("year", ""), args.get("status", ""))
        found = orders.history(context, customer_id, filters, after=args.get("after"), before=args.get("before"))
    except ValueError:
        abort(400)
    except RuleBroken as error:
        form = FilterForm(request.args)
        form.put(error)
        # What no page can show is left out of the field; the message says that it was there.
        filters, found = Filters("".join(filter(str.isprintable, args["q"]))), HistoryPage([], None, None)
    return page(
        "orders/history.html",
        form=form,
        filters=filters,
        years=_years(orders.placed_between(context, customer_id)),
        status_choices=status_choices(current_locale()),
        orders=shown_orders(found.orders),
        newer_url=_url(filters, before=found.newer) if found.newer else None,
        older_url=_url(filters, after=found.older) if found.older else None,
    )


def _years(span: orders.Span | None) -> list[int]:
    """The years of Helsinki between the first and the last order, newest first; none without orders."""
    if span is None:
        return []
    first, last = (helsinki_date(moment).year for moment in span)
    return list(range(last, first - 1, -1))


def _url(filters: Filters, *, after: str | None = None, before: str | None = None) -> str:
    return url_for(
        "orders.history",
        q=filters.term or None,
        year=filters.year,
        status=filters.status,
        after=after,
        before=before,
    )
