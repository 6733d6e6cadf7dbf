"""The test client: a browser without JavaScript that checks the invariants of every answer it gets."""

import hashlib
import os
import re
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask, has_app_context
from flask import Response as FlaskResponse
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.builders import MadeAccount, MadeStaff
from tests.support.forms import Value, fill, find_form
from tests.support.header_rules import header_problems
from tests.support.html_rules import page_problems, parse

REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 6


# The two disagree about a default that a test never uses; werkzeug combines them in the same way.
class PageResponse(TestResponse, FlaskResponse):  # type: ignore[misc]
    """A response with the questions tests ask of a page."""

    @property
    def body(self) -> str:
        """The content as text, readable also where it is a file of another kind."""
        return self.get_data().decode("utf-8", "replace")

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page as a browser would see it."""
        return parse(self.get_data(as_text=True))

    @property
    def path(self) -> str:
        """The address this is the answer to, without host."""
        return self.request.full_path.rstrip("?")

    @property
    def h1(self) -> str:
        """The page's heading."""
        heading = self.soup.find("h1")
        return " ".join(heading.get_text(" ").split()) if heading else ""

    @property
    def page_text(self) -> str:
        """The text of <main>, with single spaces (no-break spaces are kept)."""
        main = self.soup.find("main")
        return _squeeze(main.get_text(" ")) if main else ""

    @property
    def fields_in_error(self) -> list[str]:
        """The names of the fields that are marked as wrong, in the order of the page."""
        marked = self.soup.select("main [aria-invalid=true], main .field--bad :is(input, select, textarea)")
        return list(dict.fromkeys(str(tag.get("name")) for tag in marked))

    @property
    def error_summary(self) -> list[str]:
        """The lines of the error summary at the top of the page; empty when there is none."""
        return [_squeeze(tag.get_text(" ")) for tag in self.soup.select("[data-error-summary] li, .error-summary li")]

    def select(self, selector: str) -> list[Tag]:
        """The elements a CSS selector finds."""
        return list(self.soup.select(selector))

    def texts(self, selector: str) -> list[str]:
        """The texts of the elements a CSS selector finds, with single spaces."""
        return [_squeeze(tag.get_text(" ")) for tag in self.soup.select(selector)]


class InvariantClient(FlaskClient):
    """Checks headers on every answer and the HTML of every page; fills and sends real forms, CSRF token included.

    Attributes a test may set: `language`, which every page must then be in; `headers`, sent with each request.
    """

    application: Flask

    def __init__(self, application: Flask, base_url: str = "http://localhost") -> None:
        super().__init__(application, PageResponse)
        self.base_url = base_url
        self.language: str | None = None
        self.headers: dict[str, str] = {}

    def open(self, *args: Any, follow_redirects: bool = False, **kwargs: Any) -> PageResponse:
        """Sends one request as Flask's client does, then checks the answer (and each one on the way when following)."""
        if has_app_context():
            raise AssertionError("Close the application context first: a request would share its session and `g`.")
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", self.base_url)
            kwargs["headers"] = [*self.headers.items(), *_pairs(kwargs.get("headers"))]
        response = cast(PageResponse, super().open(*args, **kwargs))
        self.check(response)
        # A server closes an answer when it has sent it whole; what the portal does then belongs to the request.
        response.get_data()
        response.close()
        return self.follow(response) if follow_redirects and response.status_code in REDIRECTS else response

    def get(self, *args: Any, **kwargs: Any) -> PageResponse:
        return self.open(*args, method="GET", **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> PageResponse:
        return self.open(*args, method="POST", **kwargs)

    def follow(self, response: PageResponse) -> PageResponse:
        """Goes where a redirect points until there is a page; the redirect must stay on this site."""
        for _ in range(MOST_REDIRECTS):
            assert response.status_code in REDIRECTS, f"{response.path} answered {response.status}, not a redirect"
            target = urlsplit(response.location or "")
            home = urlsplit(self.base_url)
            assert target.netloc in ("", home.netloc), f"{response.path} leads off the site: {response.location}"
            response = self.get(target.path + (f"?{target.query}" if target.query else ""))
            if response.status_code not in REDIRECTS:
                return response
        raise AssertionError(f"more than {MOST_REDIRECTS} redirects, the last to {response.path}")

    def submit(
        self,
        path: str,
        form: str | None = None,
        *,
        button: str | None = None,
        extra: dict[str, Any] | None = None,
        **fields: Value,
    ) -> PageResponse:
        """Opens the page at `path`, fills in its form and sends it. The answer is not followed.

        `form` is a CSS selector (default: the only form in <main>), `button` the name or "name=value" of the button
        to press, `extra` forged pairs a browser would not send, `fields` what the person types, by field name.
        """
        page = self.get(path)
        assert page.status_code == 200, f"{path} answered {page.status}"
        return self.submit_form(page, form, button=button, extra=extra, **fields)

    def submit_form(
        self,
        page: PageResponse,
        form: str | None = None,
        *,
        button: str | None = None,
        extra: dict[str, Any] | None = None,
        **fields: Value,
    ) -> PageResponse:
        """Fills in and sends the form of a page the test already has, such as one that came back with errors."""
        submission = fill(find_form(page.soup, form), page.path, fields, button)
        data = {**submission.data, **(extra or {})}
        if submission.method == "get":
            return self.get(f"{submission.action.partition('?')[0]}?{urlencode(data, doseq=True)}")
        headers = {"Origin": self.base_url, "Referer": self.base_url + page.path, "Sec-Fetch-Site": "same-origin"}
        return self.post(submission.action, data=data, headers=headers)

    def log_in(self, account: MadeAccount) -> PageResponse:
        """Logs a customer in and returns the page they land on."""
        answer = self.submit("/login", email=account.email, password=account.password)
        return self.follow(answer)

    def log_in_staff(self, staff: MadeStaff, moment: datetime | None = None) -> PageResponse:
        """Logs an employee in with both factors and returns the page they land on.

        `moment` is the portal's time (default: now); a second login needs a later half minute, as a code works once.
        """
        asked = self.follow(self.submit("/admin/login", email=staff.email, password=staff.password))
        return self.follow(self.submit_form(asked, code=staff.code(moment or datetime.now(UTC))))

    def csrf_token(self, path: str = "/") -> str:
        """A token that is valid in this session, for requests that no form on the site makes."""
        field = self.get(path).soup.find("input", attrs={"name": "csrf_token"})
        assert isinstance(field, Tag), f"no form with a CSRF token on {path}"
        return str(field["value"])

    def check(self, response: PageResponse) -> None:
        """Raises AssertionError with every problem of the answer."""
        problems = header_problems(response.request.path, response)
        body = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        # A redirect's body is a courtesy that no browser shows.
        if body and response.status_code not in REDIRECTS:
            problems += page_problems(body, self.language, response.soup)
            if response.headers.get("Content-Language", response_language(response)) != response_language(response):
                problems.append("Content-Language differs from <html lang>")
            _keep(body)
        if problems:
            lines = "\n  ".join(dict.fromkeys(problems))
            raise AssertionError(f"{response.request.method} {response.path} ({response.status}):\n  {lines}")


def response_language(response: PageResponse) -> str | None:
    """The language the page declares."""
    return str(response.soup.html.get("lang")) if response.soup.html else None


def _pairs(headers: Any) -> list[tuple[str, str]]:
    return list(headers.items() if hasattr(headers, "items") else headers or [])


def _squeeze(text: str) -> str:
    """One space for each run of white space; a no-break space is content and stays."""
    return " ".join(part for part in text.replace("\n", " ").replace("\t", " ").split(" ") if part)


def _keep(body: str) -> None:
    """Keeps each distinct page for an HTML validator when PORTAL_TEST_PAGES names a folder."""
    folder = os.environ.get("PORTAL_TEST_PAGES")
    if folder:
        # A canary in a column of two letters is no language, which says nothing about the page.
        body = re.sub(r'lang="[0-9][0-9a-z]"', 'lang="fi"', body)
        name = hashlib.sha256(body.encode()).hexdigest()[:24]
        (Path(folder) / f"{name}.html").write_text(body, encoding="utf-8")
