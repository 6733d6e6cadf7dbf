"""A page speaks the language of its reader, however it was shown before."""

from flask import Flask
from flask.ctx import RequestContext

from portal.rules.texts import text
from tests.support.client import InvariantClient

TEMPLATE = '{{ "error.404" | text }}|{{ "password.too_long" | text(maximum=128) }}'


def asking(app: Flask, locale: str) -> RequestContext:
    return app.test_request_context("/", headers={"Cookie": f"portal_language={locale}"})


def test_a_text_by_its_code_is_in_the_language_of_each_reader(app: Flask) -> None:
    with asking(app, "en"):
        # Written out in the template, the code is a constant: compiling must make nothing of it once and for all.
        template = app.jinja_env.from_string(TEMPLATE)
    for locale in ("fi", "sv", "en"):
        with asking(app, locale):
            shown = template.render()
        assert shown == f"{text('error.404', locale)}|{text('password.too_long', locale, maximum=128)}"


def test_the_title_tells_that_the_form_was_refused(client: InvariantClient) -> None:
    for locale, word in (("fi", "Virhe"), ("sv", "Fel"), ("en", "Error")):
        client.set_cookie("portal_language", locale)
        page = client.get("/login")
        refused = client.submit_form(page, email="", password="")
        assert page.texts("title")[0].startswith(f"{page.h1} – ")
        assert refused.texts("title")[0].startswith(f"{word}: {page.h1} – ")
