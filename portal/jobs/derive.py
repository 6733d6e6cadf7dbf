"""The hourly task that derives anew what new orders say of customers who want suggestions."""

from __future__ import annotations

import logging

from portal.jobs.transaction import new_context, transaction
from portal.services.choices import personalisation

log = logging.getLogger(__name__)


def run() -> None:
    """Renew each customer in a transaction of its own, so that none holds a lock for long."""
    waiting = personalisation.due(new_context())
    for customer_id in waiting:
        with transaction() as context:
            personalisation.refresh(context, customer_id)
    log.info("suggestions renewed", extra={"count": len(waiting)})
