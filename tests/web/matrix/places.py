"""Every address of the portal as the program itself declares it: the matrices are generated from this list."""

import tempfile
from dataclasses import dataclass

from flask import Flask

from config import Settings
from portal import create_app
from portal.web import access
from portal.web.access import Access

METHODS = ("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "POST")
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Place:
    """One rule of the URL map with the access its view declares."""

    endpoint: str
    rule: str
    methods: frozenset[str]
    arguments: frozenset[str]
    access: Access

    @property
    def in_staff_area(self) -> bool:
        """Whether strangers must find nothing here."""
        return self.rule == "/admin" or self.rule.startswith("/admin/")


def places(app: Flask) -> list[Place]:
    """The rules of an application. A view without a declaration fails here, as it fails the start."""
    found = []
    for rule in app.url_map.iter_rules():
        declared = access.declared(app, rule.endpoint)
        assert declared is not None, f"{rule.endpoint} does not declare who may call it"
        found.append(
            Place(rule.endpoint, rule.rule, frozenset(rule.methods or ()), frozenset(rule.arguments), declared)
        )
    return sorted(found, key=lambda place: (place.endpoint, place.rule))


def _of_the_program() -> list[Place]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PORTAL_ENV": "testing", "PORTAL_DATA_DIR": folder}
        return places(create_app(Settings.from_environment(environment)))


PLACES = _of_the_program()
PAGES = [place for place in PLACES if "GET" in place.methods]
SENDING = [place for place in PLACES if place.methods & UNSAFE]


def name_of(place: Place) -> str:
    """What a place is called in a list of tests."""
    return f"{place.endpoint}:{place.rule}"
