"""How a page is made: its status, the values every template sees, and the filters that format them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import parse_qsl, quote, urlencode

from flask import Flask, current_app, flash, g, get_flashed_messages, render_template, request
from flask_login import current_user
from jinja2 import StrictUndefined, Template, pass_context
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import escape

from portal.rules import formats
from portal.rules.clock import helsinki_date
from portal.rules.countries import country_name
from portal.rules.identity_codes import is_masked, masked_output
from portal.rules.phone import display_phone
from portal.rules.register import text_code
from portal.rules.register_labels import left_out_lines, listed
from portal.rules.texts import LOCALES, text
from portal.rules.texts.spoken import speaking
from portal.web.addresses import url_for
from portal.web.forms import PortalForm, language_choices
from portal.web.language import current_locale
from portal.web.navigation import navigation

# Signs that stand in an address as they are.
URL_SIGNS = "/=&+;,:@!$'()*"


class Site:
    """What every page says about the company, from the settings as they are when the page is made."""

    @property
    def controller(self) -> Any:
        """The settings' own record."""
        return current_app.config["PORTAL_CONTROLLER"]

    @property
    def name(self) -> str:
        """The company."""
        name: str = self.controller.name
        return name

    @property
    def register(self) -> str:
        """The register, by its name in the reader's language."""
        name: str = self.controller.register(current_locale())
        return name


class ImportedOnce(Template):
    """A template whose macros are made once.

    Jinja compares the globals of the importing page with those of the component at every import, a dozen times a page.
    All our templates have the same globals, so the comparison can only ever say that they are equal.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def init_app(app: Flask) -> None:
    """Give the templates their globals and filters."""
    app.jinja_env.template_class = ImportedOnce
    app.jinja_env.undefined = StrictUndefined
    # Pages and mails alike: whatever a person wrote leaves through a template.
    app.jinja_env.finalize = masked_output
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.tests["masked"] = is_masked
    app.jinja_env.globals.update(
        url_for=_address,
        site=Site(),
        navigation=navigation,
        flash_messages=flash_messages,
        here=_here,
        languages=language_choices,
    )
    app.jinja_env.filters.update(
        date=_date,
        # What stands in a control goes back as it was typed.
        typed=escape,
        number=lambda count: formats.format_number(count, current_locale()),
        datetime=_datetime,
        clock=lambda instant: formats.format_time(instant, current_locale()),
        money=lambda minor, currency: formats.format_money(minor, currency, current_locale()),
        percent=lambda basis_points: formats.format_percent(basis_points, current_locale()),
        quantity=lambda thousandths: formats.format_quantity(thousandths, current_locale()),
        phone=_phone_filter(app.config["PORTAL_CONTROLLER"].phone),
        size=lambda octets: formats.format_size(octets, current_locale()),
        country=lambda code: country_name(code, current_locale()),
        text=_text,
        listed=listed,
        declared=lambda codes: listed(text(text_code(code), current_locale()) for code in codes),
        left_out=lambda parts: left_out_lines(parts, current_locale(), staff=True),
    )
    app.context_processor(_context)


def page(template: str, *, status: int | None = None, **values: Any) -> tuple[str, int]:
    """Render a page. With a form that has errors the status is 422, with a stale one 409, else 200."""
    form = values.get("form")
    failed = isinstance(form, PortalForm) and bool(form.errors or form.form_errors)
    if status is None:
        status = g.get("form_status", 422) if failed else 200
    with speaking(current_locale()):
        return render_template(template, form_failed=failed, **values), status


def flash_code(code: str, category: str = "success", **params: str) -> None:
    """Show a text on the next page. Only its code and parameters travel in the cookie; they name nobody."""
    flash(f"{code}?{urlencode(params)}" if params else code, category)


def flash_messages() -> list[tuple[str, str]]:
    """What the page before has to say, as (category, text)."""
    waiting = cast("list[tuple[str, str]]", get_flashed_messages(with_categories=True))
    return [(category, _flashed(message)) for category, message in waiting]


def _flashed(message: str) -> str:
    code, _, params = message.partition("?")
    return text(code, current_locale(), **dict(parse_qsl(params)))


def _address(endpoint: str, **values: Any) -> str:
    """An address for a template: finished HTML, so that no number in it is taken for something to be masked."""
    return escape(url_for(endpoint, **values))


def _here() -> str:
    """The address of this page, for the language switch that keeps it."""
    # Quoted again: the decoded path may hold characters that no page can show.
    query = quote(request.query_string, safe=URL_SIGNS + "%?")
    return escape(quote(request.path, safe=URL_SIGNS) + (f"?{query}" if query else ""))


def _context() -> dict[str, Any]:
    return {"locale": current_locale(), "current_user": current_user, "now": g.get("now")}


def _phone_filter(own: str) -> Callable[[str], str]:
    """The filter that writes a phone number out. The company's own stands on every page and is written once."""
    written = {locale: display_phone(own, locale) for locale in LOCALES}

    def phone(number: str) -> str:
        locale = current_locale()
        return written[locale] if number == own else display_phone(number, locale)

    return phone


@pass_context
def _text(_context: Context, code: str, **params: object) -> str:
    """The text of a code. It asks for the context only so that Jinja does not work it out once, when the template is
    compiled, in the language of whoever came first."""
    return text(code, current_locale(), **params)


def _date(value: date | datetime) -> str:
    day = helsinki_date(value) if isinstance(value, datetime) else value
    return formats.format_date(day, current_locale())


def _datetime(value: datetime) -> str:
    return formats.format_datetime(value, current_locale())
