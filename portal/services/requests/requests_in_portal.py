"""Access requests whose customer reads in the portal: what goes on, and what can still be fetched there.

An employee who disables the account sees them first, for then they reach the customer on paper alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_, select

from portal.models.access_request import AccessRequest
from portal.models.data_copy import DataCopy
from portal.models.database import connection
from portal.rules.access_requests import ANSWERED
from portal.rules.context import Context
from portal.services.requests import request_repeats


def of_customer(context: Context, customer_id: int) -> Sequence[Any]:
    """Reference and state of the open requests and of the answered ones whose copy has time left, the newest first."""
    copy = select(DataCopy.id).where(
        DataCopy.request_id == AccessRequest.id, DataCopy.state == "ready", DataCopy.expires_at > context.now
    )
    fetched = and_(AccessRequest.state.in_(ANSWERED), copy.correlate(AccessRequest).exists())
    statement = select(AccessRequest.reference, AccessRequest.state).where(
        request_repeats.of_person(customer_id), or_(AccessRequest.closed_at.is_(None), fetched)
    )
    newest = (AccessRequest.received_on.desc(), AccessRequest.id.desc())
    return connection().execute(statement.order_by(*newest)).all()
