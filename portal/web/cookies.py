"""Cookie names and flags: the session cookies of both areas and the language (SECURITY 29, 39)."""

from __future__ import annotations

from typing import Literal

from flask import Response, current_app, g, request

Area = Literal["customer", "staff"]
LANGUAGE_SECONDS = 365 * 86400


def read_session(area: Area) -> str | None:
    """The random id of the area's session, as the browser sent it."""
    return request.cookies.get(_name(f"portal_{area}"))


def write_session(area: Area, token: str) -> None:
    """Set the area's session cookie on the response of this request."""
    g.setdefault("portal_cookies", []).append((_name(f"portal_{area}"), token, None))


def clear_session(area: Area) -> None:
    """Take the area's session cookie away."""
    g.setdefault("portal_cookies", []).append((_name(f"portal_{area}"), "", 0))


def read_language() -> str | None:
    """The language the browser was told to use, unchecked."""
    return request.cookies.get(_name("portal_language"))


def write_language(locale: str) -> None:
    """Remember the language for a year."""
    g.setdefault("portal_cookies", []).append((_name("portal_language"), locale, LANGUAGE_SECONDS))


def apply(response: Response) -> Response:
    """Put the cookies of this request on its response."""
    for name, value, max_age in g.pop("portal_cookies", []):
        response.set_cookie(name, value, max_age=max_age, path="/", secure=_secure(), httponly=True, samesite="Lax")
    return response


def form_cookie_name(secure: bool) -> str:
    """Name of Flask's own signed cookie; it holds the CSRF secret, codes of flashes and nothing personal."""
    return "__Host-portal_form" if secure else "portal_form"


def _name(name: str) -> str:
    # Browsers take a __Host- cookie over HTTPS only.
    return f"__Host-{name}" if _secure() else name


def _secure() -> bool:
    secure: bool = current_app.config["SESSION_COOKIE_SECURE"]
    return secure
