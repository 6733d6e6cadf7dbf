"""Addresses of fixed pages and static files, built once: a page has a dozen of them and they never change."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

_built: dict[tuple[str, str, Any], str] = {}


def url_for(endpoint: str, **values: Any) -> str:
    """Flask's `url_for`, remembering addresses that have no values and those of static files."""
    if values and (endpoint != "static" or values.keys() != {"filename"}):
        return flask.url_for(endpoint, **values)
    key = (request.script_root, endpoint, values.get("filename"))
    found = _built.get(key)
    if found is None:
        found = _built[key] = flask.url_for(endpoint, **values)
    return found
