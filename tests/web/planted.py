"""A second application with views that fail on purpose: each status that no ordinary request brings about."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, abort
from flask.typing import ResponseReturnValue

from config import Settings
from portal import create_app
from portal.models.base import db
from portal.rules.errors import Busy, NotFound, RuleBroken, Stale, TooMany
from portal.web import access
from portal.web.pages import page

CANARY = "Aino Virtanen +358401234567"


def unexpected() -> str:
    raise ZeroDivisionError(CANARY)


def busy() -> str:
    raise Busy(5)


def too_many() -> str:
    raise TooMany(61)


def stale() -> str:
    raise Stale(2)


def broken_rule() -> str:
    raise RuleBroken.of("phone", "phone.invalid")


def missing() -> str:
    raise NotFound


def broken_page() -> tuple[str, int]:
    return page("public/home.html", now=CANARY, site=None)


def teapot() -> str:
    abort(418)


VIEWS: dict[str, Callable[[], ResponseReturnValue]] = {
    view.__name__: view for view in (unexpected, busy, too_many, stale, broken_rule, missing, broken_page, teapot)
}
STATUSES = {
    "unexpected": 500,
    "busy": 503,
    "too_many": 429,
    "stale": 409,
    "broken_rule": 422,
    "missing": 404,
    "broken_page": 500,
    "teapot": 418,
}


@contextmanager
def planted_app(settings: Settings) -> Iterator[Flask]:
    """The application with each view of `VIEWS` below /planted/."""
    made = create_app(settings)
    for name, view in VIEWS.items():
        made.add_url_rule(f"/planted/{name}", f"planted.{name}", access.public(view), methods=["GET", "POST"])
    yield made
    with made.app_context():
        db.engine.dispose()
