"""The tables. Importing this package makes every one of them known to `db.metadata`."""

from portal.models import (
    access_request,
    access_request_draft,
    account,
    announcement,
    audit,
    consent,
    customer,
    data_copy,
    factor,
    message,
    numbering,
    order,
    order_upload,
    personalisation,
    search,
    session,
    staff,
    stored_file,
    usage,
)
from portal.models.base import db, never_reuse_ids

never_reuse_ids()

__all__ = [
    "access_request",
    "access_request_draft",
    "account",
    "announcement",
    "audit",
    "consent",
    "customer",
    "data_copy",
    "db",
    "factor",
    "message",
    "numbering",
    "order",
    "order_upload",
    "personalisation",
    "search",
    "session",
    "staff",
    "stored_file",
    "usage",
]
