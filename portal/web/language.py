"""Which language a page is in: what the visitor chose, else the customer's own, else Finnish."""

from __future__ import annotations

from flask import Flask, g
from flask_babel import Babel
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.rules.identity_codes import masked_output
from portal.rules.texts import DEFAULT_LOCALE, LOCALES
from portal.rules.texts.spoken import spoken_gettext, spoken_ngettext
from portal.web import cookies


def init_app(app: Flask) -> None:
    """Install Flask-Babel with the portal's own choice of language."""
    app.config.update(BABEL_DEFAULT_LOCALE=DEFAULT_LOCALE, BABEL_TRANSLATION_DIRECTORIES=_folder(app))
    Babel(app, locale_selector=current_locale)
    # Flask-Babel looks the language up for every text, and Jinja's own wrappers call each other three deep. A page
    # has dozens of texts, so templates get them directly.
    app.jinja_env.globals.update(_=_text, gettext=_text, ngettext=_plural)


def current_locale() -> str:
    """`fi`, `sv` or `en`."""
    if "locale" not in g:
        chosen = cookies.read_language()
        if chosen not in LOCALES and current_user and current_user.is_authenticated:
            chosen = current_user.language
        g.locale = chosen if chosen in LOCALES else DEFAULT_LOCALE
    locale: str = g.locale
    return locale


def use_locale(locale: str) -> None:
    """Speak this language for the rest of the request, to somebody whose browser has chosen none."""
    g.locale = locale


@pass_eval_context
def _text(how: EvalContext, message: str, /, **values: object) -> str:
    return _filled(how, spoken_gettext(message), values)


@pass_eval_context
def _plural(how: EvalContext, singular: str, plural: str, number: int, /, **values: object) -> str:
    return _filled(how, spoken_ngettext(singular, plural, number), {"num": number, **values})


def _filled(how: EvalContext, text: str, values: dict[str, object]) -> str:
    """The text with its values; in HTML the values are escaped, the text itself is our own."""
    if how.autoescape:
        text = Markup(text)  # noqa: S704 (a text of the catalogue)
    return text % {name: masked_output(value) for name, value in values.items()} if values else text


def _folder(app: Flask) -> str:
    return f"{app.root_path}/translations"
