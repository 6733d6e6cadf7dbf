"""Keeps a session's last use, at most once a minute, so that the idle limit counts from it (SECURITY 20)."""

from __future__ import annotations

import logging

from flask import g, request
from flask_login import current_user

from portal.rules.errors import Busy
from portal.services.accounts import sessions
from portal.web.transaction import transaction

log = logging.getLogger(__name__)


def touch() -> None:
    """Note that the session is in use."""
    if request.endpoint == "static" or not current_user.is_authenticated:
        return
    if g.now - current_user.last_seen_at >= sessions.TOUCH_EVERY:
        try:
            with transaction() as context:
                sessions.touch(context, current_user)
        except Busy:
            # The page is only read: it need not fail because a long import holds the write lock.
            log.warning("the use of a session was not noted")
