"""The keys that sign the tokens of forms: each session has its own (SECURITY 35).

Flask-WTF holds a token against a secret in its cookie. Whoever can put a cookie into somebody's browser puts their own
pair there, or one from before the log-in. So the keys are bound to the session: such a pair is worth nothing in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Flask, g, request
from flask_login import current_user

from portal.services.accounts import sessions
from portal.web import cookies
from portal.web.request_context import in_staff_area

# Everybody chooses the language at one address, which lies outside the employees' area.
_LANGUAGE = "public.language"


class FormKeys:
    """The signing keys for this request, the one that signs last; those of a stranger are those of the settings."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = tuple(keys)

    def __iter__(self) -> Iterator[str]:
        for owner in _owners():
            for key in self._keys:
                yield f"{key} {owner}" if owner else key


def init_app(app: Flask) -> None:
    """Bind the keys of the settings, where there are any, to whoever asks."""
    keys = app.config.get("WTF_CSRF_SECRET_KEY")
    if keys is not None:
        app.config["WTF_CSRF_SECRET_KEY"] = FormKeys(keys)


def _owners() -> Iterator[str]:
    if request.endpoint == _LANGUAGE and not in_staff_area():
        employee = _employee()
        if employee is not None:
            yield employee.forms_belong_to
    yield current_user.forms_belong_to if current_user.is_authenticated else ""


def _employee() -> sessions.Principal | None:
    token = cookies.read_session("staff")
    return sessions.staff_principal(token, g.now) if token else None
