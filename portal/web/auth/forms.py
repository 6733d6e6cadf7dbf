"""The forms of the area. Labels stand in the templates, rules in the services."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField, TelField

from portal.rules.countries import HOME, country_choices
from portal.services.accounts.registration_details import Details
from portal.web.forms import PortalForm, language_choices, refuse_empty
from portal.web.language import current_locale


class LoginForm(PortalForm):
    """The e-mail address or user name, and the password."""

    email = StringField(render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
    password = PasswordField(render_kw={"autocomplete": "current-password"})
    remember = BooleanField()

    def check_filled(self) -> None:
        """Raise `RuleBroken` naming what was left empty: that needs no look at any account."""
        refuse_empty(self, {"email": "login.identifier_required", "password": "login.password_required"})


class NewPasswordForm(PortalForm):
    """A password to be."""

    new_password = PasswordField(render_kw={"autocomplete": "new-password"})


class UserNameForm(PortalForm):
    """A user name to be."""

    user_name = StringField(render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})


class EmailForm(PortalForm):
    """An e-mail address."""

    email = EmailField(render_kw={"autocomplete": "email"})


class SignUpForm(PortalForm):
    """Everything that opens an account."""

    first_name = StringField(render_kw={"autocomplete": "given-name"})
    last_name = StringField(render_kw={"autocomplete": "family-name"})
    email = EmailField(render_kw={"autocomplete": "email"})
    phone = TelField(render_kw={"autocomplete": "tel"})
    language = SelectField(validate_choice=False)
    street = StringField(render_kw={"autocomplete": "address-line1"})
    postal_code = StringField(render_kw={"autocomplete": "postal-code"})
    city = StringField(render_kw={"autocomplete": "address-level2"})
    country = SelectField(default=HOME, validate_choice=False, render_kw={"autocomplete": "country"})
    company = StringField(render_kw={"autocomplete": "organization"})
    business_id = StringField()
    password = PasswordField(render_kw={"autocomplete": "new-password"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"language": current_locale(), **kwargs})
        self.country.choices = list(country_choices(current_locale()))
        self.language.choices = language_choices()

    def details(self) -> Details:
        """What was typed, as the service takes it."""
        return Details(
            email=self.email.data or "",
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            phone=self.phone.data or "",
            street=self.street.data or "",
            postal_code=self.postal_code.data or "",
            city=self.city.data or "",
            country=self.country.data or "",
            language=self.language.data or "",
            company=self.company.data or None,
            business_id=self.business_id.data or None,
        )
