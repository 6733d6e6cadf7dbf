"""Addresses of fixed pages and static files, built once: a page has a dozen of them and they never change."""

from __future__ import annotations

from typing import Any

import flask
from flask import current_app, request

_built: dict[tuple[str, str, Any], str] = {}


def url_for(endpoint: str, **values: Any) -> str:
    """Flask's `url_for`, remembering addresses that have no values and those of static files."""
    if values and (endpoint != "static" or values.keys() != {"filename"}):
        return flask.url_for(endpoint, **values)
    key = (request.script_root, endpoint, values.get("filename"))
    found = _built.get(key)
    if found is None:
        # Not through the request: one for an untrusted host has no addresses, and its error page needs them.
        adapter = current_app.url_map.bind("localhost", script_name=request.script_root or "/")
        found = _built[key] = adapter.build(endpoint, values)
    return found
