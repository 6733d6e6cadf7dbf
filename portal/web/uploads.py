"""Views that take files: a larger body is read for them alone, and only from who is logged in (SECURITY 58)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])
# What a form needs beside its files.
REST = 200_000


def takes_files(largest: int) -> Callable[[View], View]:
    """Declare that a view takes files of so many bytes in all. Stands above the declaration of its access."""

    def mark(view: View) -> View:
        view.portal_largest_body = largest + REST  # type: ignore[attr-defined]  # a mark on the function
        return view

    return mark


def raise_limit() -> None:
    """Let the body of this request be as large as its view declares."""
    view = current_app.view_functions.get(request.endpoint or "")
    largest = getattr(view, "portal_largest_body", None)
    if largest is not None and request.method == "POST" and current_user.is_authenticated:
        request.max_content_length = largest
