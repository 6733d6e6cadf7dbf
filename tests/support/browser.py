"""Fixtures for journeys in a real browser: the application served on loopback, and Chromium to visit it."""

import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright

from config import Settings
from tests.support.databases import Database
from tests.support.requirement import browser_binary, is_available, skip_or_fail
from tests.support.serving import serving

DESKTOP, PHONE = 1280, 390
WAIT_MS = 10_000
# Chromium reports every 4xx as a console error; journeys walk through such answers on purpose.
EXPECTED_CONSOLE = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
# What passed stays in the browser: to carry it over takes as long as to find it.
AXE_RUN = "options => axe.run(options).then(results => results.violations)"

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def served(app: Flask, listener: socket.socket, settings: Settings) -> Iterator[str]:
    """The application behind waitress in a thread; its address is the base URL of the settings."""
    with serving(app, listener.dup()):
        yield settings.base_url


@pytest.fixture
def live_server(served: str, database: Database) -> str:
    """The base URL of the served application, over a database for this test alone."""
    return served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; skipped with a line that says what to install, or failed where it is required."""
    if not is_available("browser"):
        skip_or_fail("browser")
    binary = browser_binary()
    # Chromium's own sandbox refuses root; the only site it visits is ours, and no name but localhost resolves.
    arguments = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=binary, args=arguments)
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser, live_server: str) -> Iterator[NewPage]:
    """Opens a page in a fresh profile: ``new_page(width=390, language="sv", javascript=True)``.

    Relative addresses work (``page.goto("/login")``). At the end the test fails on any error the pages logged,
    a refused inline script or style among them.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(width: int = DESKTOP, language: str | None = None, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server,
            viewport={"width": width, "height": 900},
            locale="fi-FI",
            timezone_id="Europe/Helsinki",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _note(errors, message.type, message.text, page.url))
        page.on("response", lambda response: _note_missing(errors, response))
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        if language is not None:
            switch_language(page, language)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not errors, "the browser logged errors:\n  " + "\n  ".join(errors)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page 1280 pixels wide, in Finnish, with JavaScript."""
    return new_page()


def switch_language(page: Page, language: str) -> None:
    """Chooses a language with the switch on the front page, as a person would."""
    page.goto("/")
    page.locator(f'button[name="language"][value="{language}"]').first.click()
    page.wait_for_load_state()


def check_page(page: Page, name: str | None = None) -> None:
    """Fails when axe finds something or the page scrolls sideways; keeps a picture under `name` when asked to.

    Pictures go to the folder that PORTAL_TEST_SCREENSHOTS names, as NAME-LANGUAGE-WIDTH.png.
    """
    if name:
        keep_screenshot(page, name)
    problems = sideways_problems(page) + axe_problems(page)
    assert not problems, f"{page.url} at {_width(page)} px:\n  " + "\n  ".join(problems)


def axe_problems(page: Page) -> list[str]:
    """What axe finds wrong with the page, one line for each element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    violations: list[dict[str, Any]] = page.evaluate(AXE_RUN, AXE_OPTIONS)
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html'][:160]} {node['target']}"
        for violation in violations
        for node in violation["nodes"]
    ]


def sideways_problems(page: Page) -> list[str]:
    """Says so when the page is wider than the window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    window: int = page.evaluate("document.documentElement.clientWidth")
    return [f"the page scrolls sideways: {wide} px in a window of {window}"] if wide > window else []


def keep_screenshot(page: Page, name: str) -> None:
    """Writes a picture of the whole page when PORTAL_TEST_SCREENSHOTS names a folder."""
    folder = os.environ.get("PORTAL_TEST_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        language = page.locator("html").get_attribute("lang")
        page.screenshot(path=Path(folder) / f"{name}-{language}-{_width(page)}.png", full_page=True)


def _width(page: Page) -> int:
    return page.viewport_size["width"] if page.viewport_size else 0


def _note_missing(errors: list[str], response: Response) -> None:
    """A page may answer 4xx on purpose; a picture, a style or a script that is missing is a fault."""
    if response.status >= 400 and response.request.resource_type != "document":
        errors.append(f"{response.url} answered {response.status}")


def _note(errors: list[str], kind: str, text: str, url: str) -> None:
    if kind == "error" and not EXPECTED_CONSOLE.match(text):
        errors.append(f"{url}: {text}")
