"""The tables. Importing this package makes every one of them known to `db.metadata`."""

from portal.models import account, audit, consent, customer, message, order, search, session, staff, usage
from portal.models.base import db, never_reuse_ids

never_reuse_ids()

__all__ = ["account", "audit", "consent", "customer", "db", "message", "order", "search", "session", "staff", "usage"]
