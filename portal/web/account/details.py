"""Changing one contact detail: one page each, with the version of the row it was filled from."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.context import Context
from portal.rules.countries import HOME, country_choices
from portal.rules.phone import display_phone
from portal.services.register import profile
from portal.web import access, cookies
from portal.web.account.forms import AddressForm, CompanyForm, LanguageForm, NameForm, PhoneForm
from portal.web.forms import VersionedForm, rules_on
from portal.web.language import current_locale
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction

Save = Callable[[Context], list[str]]


@access.customer
def name() -> ResponseReturnValue:
    """GET, POST /account/profile/name."""
    form = NameForm(data=_present())
    return _answer(
        "account/name.html",
        form,
        lambda context: profile.change_name(
            context,
            current_user.customer_id,
            form.row_version(),
            first_name=form.first_name.data or "",
            last_name=form.last_name.data or "",
        ),
    )


@access.customer
def phone() -> ResponseReturnValue:
    """GET, POST /account/profile/phone."""
    present = _present()
    if present.get("phone"):
        present["phone"] = display_phone(str(present["phone"]), current_locale())
    form = PhoneForm(data=present)
    return _answer(
        "account/phone.html",
        form,
        lambda context: profile.change_phone(
            context, current_user.customer_id, form.row_version(), phone=form.phone.data or ""
        ),
    )


@access.customer
def address() -> ResponseReturnValue:
    """GET, POST /account/addresses."""
    form = AddressForm(data={"country": HOME, **{key: value for key, value in _present().items() if value}})
    form.country.choices = list(country_choices(current_locale()))
    return _answer(
        "account/address.html",
        form,
        lambda context: profile.change_address(
            context,
            current_user.customer_id,
            form.row_version(),
            street=form.street.data or "",
            postal_code=form.postal_code.data or "",
            city=form.city.data or "",
            country=form.country.data or "",
        ),
    )


@access.customer
def company() -> ResponseReturnValue:
    """GET, POST /account/profile/company."""
    form = CompanyForm(data=_present())
    return _answer(
        "account/company.html",
        form,
        lambda context: profile.change_company(
            context,
            current_user.customer_id,
            form.row_version(),
            company=form.company.data or "",
            business_id=form.business_id.data or "",
        ),
    )


@access.customer
def language() -> ResponseReturnValue:
    """GET, POST /account/profile/language: also the language of this browser's pages from now on."""
    form = LanguageForm(data=_present())

    def save(context: Context) -> list[str]:
        chosen = form.language.data or ""
        changed = profile.change_language(context, current_user.customer_id, form.row_version(), language=chosen)
        cookies.write_language(chosen)
        return changed

    return _answer("account/language.html", form, save)


def _present() -> dict[str, object]:
    """The details a form is filled from. What was sent goes before them, so a sent form needs none."""
    if request.method == "POST":
        return {}
    return dict(profile.read(current_context(), current_user.customer_id)._asdict())


def _answer(template: str, form: VersionedForm, save: Save) -> ResponseReturnValue:
    """Show the form; save what was sent and go back to the details."""
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                changed = save(context)
            flash_code("profile.saved" if changed else "profile.unchanged", "success" if changed else "info")
            return redirect(url_for("account.profile"), 303)
    return page(template, form=form)
