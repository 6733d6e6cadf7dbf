"""Commands run in the tests' own application: what `demo` sets there must not reach the tests after it."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def restored_settings(app: Flask) -> Iterator[None]:
    """Put the application's settings back after each test."""
    kept = {name: app.config[name] for name in ("PORTAL_BASE_URL", "PORTAL_CONTROLLER", "PORTAL_RECIPIENTS")}
    yield
    app.config.update(kept)
