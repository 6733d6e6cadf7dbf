"""Logging out."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.web import access
from portal.web.auth import entering


@access.public
def leave() -> ResponseReturnValue:
    """POST /logout: end the session. The browser drops what it cached; its cookies stay, for the other area's sake."""
    if current_user.is_authenticated:
        entering.end_session_here()
    answer = entering.leave("login.logged_out")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
