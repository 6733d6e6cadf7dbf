"""Recovery codes that came with a second factor, on their way to the page that shows them once (SECURITY 26).

The signed cookie carries the random name they were made under, which is worth nothing without the portal's key.
"""

from __future__ import annotations

from flask import session

_NAME = "recovery codes"


def show_next(name: str | None) -> None:
    """Let the next page of recovery codes show those that were made under this name; None shows nothing."""
    if name is not None:
        session[_NAME] = name


def to_show() -> str:
    """The name the codes to show were made under, which is then forgotten: a reload finds an empty one."""
    name: str = session.pop(_NAME, "")
    return name
