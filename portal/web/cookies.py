"""Cookie names and flags: the sessions of both areas, the remembered browser, the language (SECURITY 21, 29, 39)."""

from __future__ import annotations

from typing import Literal

from flask import Response, current_app, g, request

Area = Literal["customer", "staff"]
LANGUAGE_SECONDS = 365 * 86400


def read_session(area: Area) -> str | None:
    """The random id of the area's session: what the browser sent, or what this request has put in its place."""
    return _read(f"portal_{area}")


def write_session(area: Area, token: str) -> None:
    """Set the area's session cookie on the response of this request."""
    _write(f"portal_{area}", token)


def clear_session(area: Area) -> None:
    """Take the area's session cookie away."""
    _write(f"portal_{area}", "", 0)


def read_remembered() -> str | None:
    """The value by which a browser is remembered, unchecked."""
    return _read("portal_remembered")


def write_remembered(value: str, seconds: int) -> None:
    """Remember the browser for so many seconds (SECURITY 21)."""
    _write("portal_remembered", value, seconds)


def clear_remembered() -> None:
    """Take the value away, where the browser has one."""
    if read_remembered() is not None:
        _write("portal_remembered", "", 0)


def read_language() -> str | None:
    """The language the browser was told to use, unchecked."""
    return _read("portal_language")


def write_language(locale: str) -> None:
    """Remember the language for a year."""
    _write("portal_language", locale, LANGUAGE_SECONDS)


def apply(response: Response) -> Response:
    """Put the cookies of this request on its response."""
    for name, (value, max_age) in g.pop("portal_cookies", {}).items():
        response.set_cookie(
            _name(name), value, max_age=max_age, path="/", secure=_secure(), httponly=True, samesite="Lax"
        )
    return response


def form_cookie_name(secure: bool) -> str:
    """Name of Flask's own signed cookie; it holds the CSRF secret, codes of flashes and nothing personal."""
    return "__Host-portal_form" if secure else "portal_form"


def _read(name: str) -> str | None:
    written: dict[str, tuple[str, int | None]] = g.get("portal_cookies", {})
    if name in written:
        return written[name][0] or None
    return request.cookies.get(_name(name))


def _write(name: str, value: str, max_age: int | None = None) -> None:
    """Set a cookie on the response of this request; what is written last counts."""
    g.setdefault("portal_cookies", {})[name] = (value, max_age)


def _name(name: str) -> str:
    # Browsers take a __Host- cookie over HTTPS only.
    return f"__Host-{name}" if _secure() else name


def _secure() -> bool:
    secure: bool = current_app.config["SESSION_COOKIE_SECURE"]
    return secure
