"""The contact details of the customer, each with its source and the way to change it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date
from portal.rules.phone import display_phone
from portal.rules.register import Source
from portal.rules.texts import text
from portal.services.accounts import accounts
from portal.services.register import profile
from portal.services.register.provenance import Change
from portal.web import access
from portal.web.forms import language_choices
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.transaction import current_context


@access.customer
def show() -> ResponseReturnValue:
    """GET /account/profile: every contact detail."""
    context, customer_id = current_context(), current_user.customer_id
    found = profile.read(context, customer_id)
    origins = profile.origins(context, customer_id, found)
    phone = display_phone(found.phone, current_locale()) if found.phone else None
    rows = [
        _row("name", f"{found.first_name} {found.last_name}".strip(), _newest(origins, "first_name", "last_name")),
        _row("email", found.email, origins["email"]),
        _user_name(),
        _row("phone", phone, origins["phone"]),
        _row("address", found.street or found.city, _newest(origins, "street", "postal_code", "city", "country")),
        _row("company", found.company, origins["company"]),
        _row("business_id", found.business_id, origins["business_id"]),
        _row("language", dict(language_choices()).get(found.language), origins["language"]),
    ]
    return page("account/profile.html", rows={row["code"]: row for row in rows}, details=found)


_URLS = {
    "name": "account.change_name",
    "email": "auth.change_email",
    "phone": "account.change_phone",
    "address": "account.addresses",
    "company": "account.change_company",
    "business_id": "account.change_company",
    "language": "account.change_language",
}


def _row(code: str, value: Any, origin: Change) -> dict[str, Any]:
    """A row of the summary list; an empty value has no origin worth telling unless the customer took it away."""
    # What was left empty at the sign-up was never given.
    taken_away = origin.actor_kind == "customer" and origin.source != Source.REGISTRATION
    note = _note(origin) if value or taken_away else None
    key = text(f"profile.field.{code}", current_locale())
    return {"code": code, "key": key, "value": value, "note": note, "url": url_for(_URLS[code])}


def _user_name() -> dict[str, Any]:
    """The user name is the account's: nobody but the customer chooses it."""
    account, locale = accounts.get(current_context(), current_user.id), current_locale()
    since = account.user_name_since
    note = text("profile.note.chosen", locale, date=format_date(helsinki_date(since), locale)) if since else None
    key = text("profile.field.user_name", locale)
    url = url_for("auth.user_name")
    return {
        "code": "user_name",
        "key": key,
        "value": account.user_name or text("profile.user_name.none", locale),
        "note": note,
        "url": url,
    }


def _note(origin: Change) -> str:
    locale = current_locale()
    day = format_date(helsinki_date(origin.changed_at), locale)
    return text(f"profile.note.{origin.source}", locale, date=day)


def _newest(origins: dict[str, Change], *fields: str) -> Change:
    return max((origins[field] for field in fields), key=lambda origin: origin.changed_at)
