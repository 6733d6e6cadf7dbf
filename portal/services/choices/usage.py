"""Usage statistics: which pages customers opened who consented to it, and when (917/2014 s. 205; decision 16).

A page view is stored only while the consent is in force at that very moment, and goes when it is withdrawn.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select

from portal.models.base import Base, UtcDateTime
from portal.models.customer import Customer
from portal.models.database import affected, connection
from portal.models.register import records_of
from portal.models.usage import PageView
from portal.rules.clock import helsinki_midnight
from portal.rules.consents import USAGE, Action
from portal.rules.context import Context
from portal.rules.errors import NotFound
from portal.services.auditing import audit
from portal.services.choices import consents
from portal.services.foundation import older_pages
from portal.services.foundation.older_pages import OlderPage

PAGE_SIZE = 50


_OWNER = select(func.coalesce(Customer.merged_into_id, Customer.id)).where(Customer.id == bindparam("customer"))
_LOCK = (
    select(Customer.id)
    .where(Customer.id == _OWNER.scalar_subquery())
    .with_for_update(read=True, key_share=True, skip_locked=True)
)
_TABLE = Base.metadata.tables["page_view"]
_NEW = select(
    bindparam("customer", type_=PageView.customer_id.type),
    bindparam("page", type_=PageView.page.type),
    bindparam("now", type_=UtcDateTime()),
).where(consents.latest_action(USAGE, _OWNER.scalar_subquery()) == Action.GIVEN)
_NOTE = insert(_TABLE).from_select(["customer_id", "page", "viewed_at"], _NEW).returning(_TABLE.c.id)
_VIEWS = select(PageView.id, PageView.page, PageView.viewed_at)


def note(context: Context, customer_id: int, page: str) -> bool:
    """Store that the customer opened a page, if the consent is in force. Says whether it was stored.

    It waits for nobody: while the customer's row is being changed, as by a withdrawal, the view is let go. The lock
    comes before the question, so that a consent cannot end between the two.
    """
    bound = {"customer": customer_id}
    if connection().execute(_LOCK, bound).first() is None:
        return False
    return connection().execute(_NOTE, {**bound, "page": page, "now": context.now}).first() is not None


def read(context: Context, customer_id: int, after: str | None = None) -> OlderPage:
    """A page of the customer's views, as rows of (id, page, viewed_at). Raises `ValueError` for a bad cursor."""
    own, place = _VIEWS.where(PageView.customer_id == customer_id), (PageView.viewed_at, PageView.id)
    return older_pages.read(own, place, PAGE_SIZE, {"customer": customer_id, "list": "usage"}, after)


def read_one(context: Context, customer_id: int, view_id: int) -> Any:
    """One of the customer's views. Raises `NotFound`."""
    own = _VIEWS.where(PageView.customer_id == customer_id, PageView.id == view_id)
    row = connection().execute(own).first()
    if row is None:
        raise NotFound
    return row


def count(context: Context, customer_id: int, day: date | None = None) -> int:
    """How many views are stored of the customer, in all or of one day."""
    return connection().execute(select(func.count()).where(*_of(customer_id, day))).scalar_one()


def delete_one(context: Context, customer_id: int, view_id: int) -> int:
    """Delete one view. Raises `NotFound`."""
    return _required(_delete(context, customer_id, PageView.customer_id == customer_id, PageView.id == view_id))


def delete_day(context: Context, customer_id: int, day: date) -> int:
    """Delete the views of one day. Returns how many; raises `NotFound` when there are none."""
    return _required(_delete(context, customer_id, *_of(customer_id, day)))


def delete_all(context: Context, customer_id: int) -> int:
    """Delete everything collected about a customer, records that were joined to this one included. Returns how many."""
    return _delete(context, customer_id, PageView.customer_id.in_(records_of(customer_id)))


def _of(customer_id: int, day: date | None) -> list[ColumnElement[bool]]:
    own = [PageView.customer_id == customer_id]
    if day is None:
        return own
    return [*own, PageView.viewed_at >= _begin(day), PageView.viewed_at < _begin(day + timedelta(days=1))]


def _begin(day: date) -> datetime:
    return helsinki_midnight(day)


def _delete(context: Context, customer_id: int, *which: ColumnElement[bool]) -> int:
    gone = affected(delete(PageView).where(*which))
    if gone:
        audit.record(context, "usage.deleted", customer_id=customer_id, count=gone)
    return gone


def _required(gone: int) -> int:
    if not gone:
        raise NotFound
    return gone
