"""Searching customers. The term is posted and stays on the server; the address shows an opaque key (decision 12)."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.rules.errors import NotFound
from portal.services.register import customer_search
from portal.web import access
from portal.web.admin.forms import SearchForm
from portal.web.forms import rules_on
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.staff("customers.search")
def show() -> ResponseReturnValue:
    """GET and POST /admin/customers: the search, and with `key` its result, which is a logged read."""
    form = SearchForm()
    if form.validate_on_submit():
        with rules_on(form), transaction() as context:
            key = customer_search.remember(context, "customers", form.term.data or "")
        if not form.errors:
            return redirect(url_for("admin.customers", key=key), 303)
    elif "key" in request.args:
        return _result(form, request.args["key"])
    return page("admin/customers.html", form=form, found=None)


def _result(form: SearchForm, key: str) -> ResponseReturnValue:
    try:
        term = customer_search.recall(current_context(), "customers", key)
    except NotFound:
        flash_code("search.ended", "info")
        return redirect(url_for("admin.customers"), 303)
    found = customer_search.customers(current_context(), term)
    with transaction() as context:
        customer_search.note_listing(context, "customers", len(found.hits))
    form.term.data = term
    return page("admin/customers.html", form=form, found=found)
