"""A page speaks the language of its reader, however it was shown before."""

from flask import Flask

from portal.rules.texts import text


def test_a_text_by_its_code_is_in_the_language_of_each_reader(app: Flask) -> None:
    # Written out in the template, the code is a constant: nothing may be made of it once and for all.
    template = app.jinja_env.from_string('{{ "error.404" | text }}|{{ "password.too_long" | text(maximum=128) }}')
    for locale in ("en", "fi", "sv", "en"):
        with app.test_request_context("/", headers={"Cookie": f"portal_language={locale}"}):
            shown = template.render()
        assert shown == f"{text('error.404', locale)}|{text('password.too_long', locale, maximum=128)}"
