"""The forms of a customer's own details. Labels stand in the templates; what a value must be is said by the rules."""

from __future__ import annotations

from wtforms import RadioField, SelectField, StringField, TelField

from portal.web.forms import PortalForm, VersionedForm, language_choices


class NameForm(VersionedForm):
    """First and last name."""

    first_name = StringField(render_kw={"autocomplete": "given-name"})
    last_name = StringField(render_kw={"autocomplete": "family-name"})


class PhoneForm(VersionedForm):
    """Phone number."""

    phone = TelField(render_kw={"autocomplete": "tel"})


class AddressForm(VersionedForm):
    """Postal address."""

    street = StringField(render_kw={"autocomplete": "address-line1"})
    postal_code = StringField(render_kw={"autocomplete": "postal-code"})
    city = StringField(render_kw={"autocomplete": "address-level2"})
    country = SelectField(validate_choice=False, render_kw={"autocomplete": "country"})


class CompanyForm(VersionedForm):
    """Company and its business ID."""

    company = StringField(render_kw={"autocomplete": "organization"})
    business_id = StringField(render_kw={"autocomplete": "off"})


class LanguageForm(VersionedForm):
    """The language in which the customer is written to."""

    language = RadioField(choices=language_choices, validate_choice=False)


class EarlierOrdersForm(PortalForm):
    """The number of one earlier order."""

    number = StringField(render_kw={"autocomplete": "off", "spellcheck": "false"})
