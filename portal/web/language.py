"""Which language a page is in: what the visitor chose, else the customer's own, else Finnish."""

from __future__ import annotations

from flask import Flask, g
from flask_babel import Babel
from flask_login import current_user

from portal.rules.texts import DEFAULT_LOCALE, LOCALES
from portal.rules.texts.spoken import spoken_gettext, spoken_ngettext
from portal.web import cookies


def init_app(app: Flask) -> None:
    """Install Flask-Babel with the portal's own choice of language."""
    app.config.update(BABEL_DEFAULT_LOCALE=DEFAULT_LOCALE, BABEL_TRANSLATION_DIRECTORIES=_folder(app))
    Babel(app, locale_selector=current_locale)
    # Flask-Babel looks the language up for every text; a page has dozens, so templates look it up once.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by Jinja's i18n extension
        spoken_gettext, spoken_ngettext, newstyle=True
    )


def current_locale() -> str:
    """`fi`, `sv` or `en`."""
    if "locale" not in g:
        chosen = cookies.read_language()
        if chosen not in LOCALES and current_user and current_user.is_authenticated:
            chosen = current_user.language
        g.locale = chosen if chosen in LOCALES else DEFAULT_LOCALE
    locale: str = g.locale
    return locale


def _folder(app: Flask) -> str:
    return f"{app.root_path}/translations"
