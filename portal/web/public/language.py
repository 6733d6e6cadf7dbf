"""The language switch: keeps the page."""

from __future__ import annotations

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from portal.rules.next_path import safe_next
from portal.rules.texts import LOCALES
from portal.web import access, cookies


@access.public
def switch() -> ResponseReturnValue:
    """POST /language: remember the language for this browser and go back to the page."""
    chosen = request.form.get("language", "")
    if chosen not in LOCALES:
        abort(400)
    cookies.write_language(chosen)
    return redirect(safe_next(request.form.get("next", ""), default="/"), 303)
