"""What the journeys share: mail that is really sent, and people who walk through the portal."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.journeys.postbox import Postbox
from tests.journeys.walker import Walker
from tests.support.browser import DESKTOP, PHONE, NewPage
from tests.support.smtp import SmtpServer

NewWalker = Callable[..., Walker]
# Each language with and without scripts; each width with both, and with each language.
WAYS = [
    pytest.param("fi", True, DESKTOP, id="fi-script-desktop"),
    pytest.param("fi", False, PHONE, id="fi-no-script-phone"),
    pytest.param("sv", True, PHONE, id="sv-script-phone"),
    pytest.param("sv", False, DESKTOP, id="sv-no-script-desktop"),
    pytest.param("en", True, PHONE, id="en-script-phone"),
    pytest.param("en", False, DESKTOP, id="en-no-script-desktop"),
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A journey that asks for a `walker` is walked in every way."""
    if "walker" in metafunc.fixturenames:
        metafunc.parametrize(("language", "script", "width"), WAYS)


@pytest.fixture
def postbox(app: Flask, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Postbox:
    """The mailboxes of everybody."""
    monkeypatch.setitem(app.config, "PORTAL_SMTP_URL", smtp_server.url)
    return Postbox(app, smtp_server)


@pytest.fixture
def new_walker(new_page: NewPage, live_server: str, postbox: Postbox) -> NewWalker:
    """Lets further people walk: ``new_walker("sv", script=False, width=390)``."""

    def make(language: str = "fi", *, script: bool = True, width: int = DESKTOP) -> Walker:
        page = new_page(width=width, javascript=script)
        page.context.add_cookies([{"name": "portal_language", "value": language, "url": live_server}])
        return Walker(page, language, postbox, script=script)

    return make


@pytest.fixture
def walker(new_walker: NewWalker, language: str, script: bool, width: int) -> Walker:
    """One person on one of the WAYS."""
    return new_walker(language, script=script, width=width)
