"""What the last answers in writing left out of the register (GDPR 15(4)), for everything that nobody reviews.

An employee decided that a part is not shown, and the letter said so. What the customer reads without any employee, the
privacy page and the copies by self-service, goes by that decision until an answer gives everything.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from portal.models.access_request import AccessRequest
from portal.models.data_copy import DataCopy
from portal.models.database import connection
from portal.models.register import records_of
from portal.rules.access_requests import ANSWERED, EVERYTHING, State
from portal.rules.context import Context


def still_left_out(context: Context, customer_id: int) -> dict[str, str]:
    """The codes of the parts that answers in part have left out since the last answer that gave everything, each with
    its reason."""
    decided = (
        select(AccessRequest.state, AccessRequest.scope, DataCopy.left_out)
        .join_from(AccessRequest, DataCopy, DataCopy.request_id == AccessRequest.id)
        .where(AccessRequest.customer_id.in_(records_of(customer_id)), AccessRequest.state.in_(ANSWERED), is_newest())
        .order_by(AccessRequest.closed_at.desc(), AccessRequest.id.desc())
    )
    found: dict[str, str] = {}
    for row in connection().execute(decided):
        if row.state == State.ANSWERED and row.scope == EVERYTHING:
            break
        found |= {part: reason for part, reason in (row.left_out or {}).items() if part not in found}
    return found


def by_table(left_out: Mapping[str, str]) -> dict[str, str]:
    """The reasons by table instead of part, for tables that are one part only."""
    return {code.partition(".")[2]: reason for code, reason in left_out.items()}


def is_newest() -> ColumnElement[bool]:
    """Whether no copy was asked for after this one for the same request."""
    later = aliased(DataCopy)
    return ~select(later.id).where(later.request_id == DataCopy.request_id, later.id > DataCopy.id).exists()
