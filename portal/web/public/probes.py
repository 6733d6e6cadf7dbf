"""Probes for the operator: is the process alive, and can it serve?"""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.services.foundation import readiness
from portal.web import access
from portal.web.transaction import current_context


@access.public
def alive() -> ResponseReturnValue:
    """GET /healthz: 200 as long as the process answers."""
    return {"status": "ok"}


@access.public
def ready() -> ResponseReturnValue:
    """GET /readyz: 200 when the database answers and its schema is the program's, else 503."""
    if readiness.is_ready(current_context()):
        return {"status": "ready"}
    return {"status": "not ready"}, 503
