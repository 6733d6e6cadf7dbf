"""Deleting usage statistics: one page view, those of a day, or everything. Each asks once more on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from portal.rules.context import Context
from portal.rules.formats import format_date, format_datetime, format_number
from portal.rules.shown_values import word
from portal.services.choices import usage
from portal.web import access
from portal.web.forms import rules_on
from portal.web.language import current_locale
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction
from portal.web.usage.forms import CONFIRMED, DeletingForm


@access.customer
def one(view: int) -> ResponseReturnValue:
    """GET, POST /privacy/usage/views/<number>/delete."""
    customer_id, locale = current_user.customer_id, current_locale()
    found = usage.read_one(current_context(), customer_id, view)
    rows = [(word("page", found.page, locale), format_datetime(found.viewed_at, locale))]
    return _answer(rows, lambda context: usage.delete_one(context, customer_id, view))


@access.customer
def day(day: str) -> ResponseReturnValue:
    """GET, POST /privacy/usage/days/<day>/delete."""
    customer_id, chosen = current_user.customer_id, _day(day)
    count = usage.count(current_context(), customer_id, chosen)
    if not count:
        abort(404)
    rows = [(format_date(chosen, current_locale()), _views(count))]
    return _answer(rows, lambda context: usage.delete_day(context, customer_id, chosen))


@access.customer
def everything() -> ResponseReturnValue:
    """GET, POST /privacy/usage/delete."""
    customer_id = current_user.customer_id
    count = usage.count(current_context(), customer_id)
    return _answer([(None, _views(count))] if count else [], lambda context: usage.delete_all(context, customer_id))


def _answer(rows: Sequence[tuple[str | None, str]], delete: Callable[[Context], int]) -> ResponseReturnValue:
    form = DeletingForm()
    if form.validate_on_submit():
        with rules_on(form):
            form.check()
            with transaction() as context:
                delete(context)
            flash_code("usage.deleted")
            return redirect(url_for("usage.show"), 303)
    form.confirmed.data = CONFIRMED
    return page("usage/delete.html", form=form, rows=rows)


def _views(count: int) -> str:
    number = format_number(count, current_locale())
    written: str = ngettext("%(number)s page view", "%(number)s page views", count, number=number)
    return written


def _day(text: str) -> date:
    """The day in an address, written like 2026-03-02 and not otherwise."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        abort(404)
    if found.isoformat() != text or not 1900 <= found.year <= 9000:
        abort(404)
    return found
