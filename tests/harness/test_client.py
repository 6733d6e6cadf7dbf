"""The client finds fault with bad answers and behaves like a browser towards forms; tried on a tiny application."""

import pytest
from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from tests.harness.test_page_rules import GOOD
from tests.support.client import InvariantClient

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.fixture
def site() -> Flask:
    """Pages under /orders; `REMOVE` and `CHANGE` in its config break one thing."""
    site = Flask("site")
    site.config.update(REMOVE=(), CHANGE={}, SENT={})

    @site.get("/orders")
    def page() -> str:
        return GOOD

    @site.post("/orders")
    def save() -> AnyResponse:
        site.config["SENT"] = {**request.form.to_dict(), "origin": request.headers.get("Origin")}
        return redirect(request.args.get("to", "/orders"), 303)

    @site.after_request
    def headers(response: Response) -> Response:
        for name, value in {**HEADERS, **site.config["CHANGE"]}.items():
            if name not in site.config["REMOVE"]:
                response.headers[name] = value
        return response

    return site


@pytest.fixture
def visitor(site: Flask) -> InvariantClient:
    return InvariantClient(site)


def test_a_form_is_sent_with_its_token_and_the_redirect_followed(site: Flask, visitor: InvariantClient) -> None:
    answer = visitor.submit("/orders", q="1001", extra={"role": "administrator"})
    assert site.config["SENT"] == {
        "csrf_token": "t",
        "q": "1001",
        "role": "administrator",
        "origin": "http://localhost",
    }
    assert answer.status_code == 303
    page = visitor.follow(answer)
    assert (page.h1, page.texts("caption")) == ("Tilaukset", ["Tilaukset"])


@pytest.mark.parametrize("name", HEADERS)
def test_a_missing_header_is_found(site: Flask, visitor: InvariantClient, name: str) -> None:
    site.config["REMOVE"] = (name,)
    with pytest.raises(AssertionError, match=name.split("-")[0] if name != "Content-Security-Policy" else "CSP"):
        visitor.get("/orders")


@pytest.mark.parametrize("directive", ["script-src 'unsafe-inline'", "img-src data:", "style-src https://cdn.test"])
def test_a_loose_policy_is_found(site: Flask, visitor: InvariantClient, directive: str) -> None:
    policy = HEADERS["Content-Security-Policy"] + "; " + directive
    site.config["CHANGE"] = {"Content-Security-Policy": policy}
    with pytest.raises(AssertionError, match="allows"):
        visitor.get("/orders")


@pytest.mark.parametrize(
    ("cookie", "message"),
    [
        ("a=b; SameSite=Lax", "lacks HttpOnly"),
        ("a=b; HttpOnly", "SameSite=nothing"),
        ("a=b; HttpOnly; SameSite=Lax; Domain=example.com", "names a Domain"),
    ],
)
def test_a_careless_cookie_is_found(site: Flask, visitor: InvariantClient, cookie: str, message: str) -> None:
    site.config["CHANGE"] = {"Set-Cookie": cookie}
    with pytest.raises(AssertionError, match=message):
        visitor.get("/orders")


def test_error_pages_are_checked_too(visitor: InvariantClient) -> None:
    with pytest.raises(AssertionError, match="404 NOT FOUND"):
        visitor.get("/nowhere")


def test_a_page_in_another_language_is_found(visitor: InvariantClient) -> None:
    visitor.language = "en"
    with pytest.raises(AssertionError, match="not 'en'"):
        visitor.get("/orders")


def test_a_redirect_off_the_site_is_not_followed(visitor: InvariantClient) -> None:
    answer = visitor.post("/orders?to=https://evil.test/")
    with pytest.raises(AssertionError, match="leads off the site"):
        visitor.follow(answer)


def test_an_open_application_context_is_refused(site: Flask, visitor: InvariantClient) -> None:
    with site.app_context(), pytest.raises(AssertionError, match="Close the application context"):
        visitor.get("/orders")
