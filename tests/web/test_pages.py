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


def test_a_reference_stays_on_one_line_and_what_is_wider_than_a_telephone_breaks(app: Flask) -> None:
    with asking(app, "en"):
        template = app.jinja_env.from_string(
            '{% from "components/unbroken.html" import unbroken %}{{ _("Order %(number)s", number=unbroken(number)) }}'
        )
        assert template.render(number="TP-2026-0042").endswith(' <span class="nowrap">TP-2026-0042</span>')
        assert template.render(number="<b>").endswith(' <span class="nowrap">&lt;b&gt;</span>')
        assert template.render(number=f"NW-{'7' * 30}").endswith(f" NW-{'7' * 30}")
