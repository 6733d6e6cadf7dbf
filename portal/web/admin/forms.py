"""The forms of the area. Labels stand in the templates, rules in the services."""

from __future__ import annotations

from datetime import date

from flask_wtf.file import FileField
from wtforms import EmailField, HiddenField, PasswordField, RadioField, SearchField, SelectField, StringField, TelField

from portal.rules.consents import Position, possible, write_shown
from portal.rules.countries import HOME, country_choices
from portal.rules.disabling_reasons import DisablingReason
from portal.rules.factor_removals import IDENTITY_CHECKS, RemovalReason
from portal.rules.opening_purposes import OpeningPurpose, text_code
from portal.rules.register import STAFF_SOURCES
from portal.rules.texts import text
from portal.rules.typed_days import typed_day
from portal.services.choices.consents import Switch
from portal.services.choices.staff_consents import Told
from portal.services.imports.formats import FORMATS
from portal.services.imports.order_uploads import NEW_SHOP
from portal.web.consent_rows import new_submission
from portal.web.forms import DayInput, PortalForm, VersionedForm, language_choices, refuse_empty
from portal.web.language import current_locale


class LoginForm(PortalForm):
    """The employee's e-mail and password."""

    email = EmailField(render_kw={"autocomplete": "username"})
    password = PasswordField(render_kw={"autocomplete": "current-password"})

    def check_filled(self) -> None:
        """Raise `RuleBroken` naming what was left empty: that needs no look at any account."""
        refuse_empty(self, {"email": "staff_login.email_required", "password": "login.password_required"})


class InvitationForm(PortalForm):
    """The name, and the password to be."""

    name = StringField(render_kw={"autocomplete": "name"})
    password = PasswordField(render_kw={"autocomplete": "new-password"})


class SearchForm(PortalForm):
    """Any fragment. What is looked for stays out of the browser's own memory."""

    term = SearchField(render_kw={"autocomplete": "off", "spellcheck": "false", "autofocus": True})


class UploadForm(PortalForm):
    """Whose orders, in which format, and the file."""

    shop = SelectField(validate_choice=False)
    new_shop = StringField(render_kw={"autocomplete": "off"})
    file_format = RadioField(validate_choice=False)
    orders_file = FileField(render_kw={"accept": ".csv,.json,text/csv,application/json"})

    def __init__(self, shops: list[tuple[str, str]]) -> None:
        super().__init__()
        locale = current_locale()
        first = [("", text("imports.choose_shop", locale))] if shops else []
        self.shop.choices = [*first, *shops, (NEW_SHOP, text("imports.new_shop", locale))]
        self.file_format.choices = [(code, text(f"imports.format.{code}", locale)) for code in FORMATS]


class CustomerNumberForm(PortalForm):
    """The number of a customer whose events are looked for."""

    number = StringField(render_kw={"autocomplete": "off", "spellcheck": "false"})


class AuditFilterForm(PortalForm):
    """What is typed into the filters of the audit log. It stands in the address: a GET changes nothing and needs no
    CSRF token."""

    class Meta(PortalForm.Meta):
        csrf = False

    first = StringField(widget=DayInput())
    last = StringField(widget=DayInput())
    request = StringField(render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": "40"})


class OpeningForm(PortalForm):
    """Why the customer is opened."""

    purpose = RadioField(validate_choice=False)

    def __init__(self) -> None:
        super().__init__()
        locale = current_locale()
        self.purpose.choices = [(code.value, text(text_code(code), locale)) for code in OpeningPurpose]


class CorrectionForm(VersionedForm):
    """Where the correction came from. Each part of the details adds its fields."""

    last_field = "source"
    source = RadioField(validate_choice=False)

    def __init__(self, **values: str) -> None:
        super().__init__(data=values)
        locale = current_locale()
        self.source.choices = [(code.value, text(f"correction.source.{code}", locale)) for code in STAFF_SOURCES]


class DisablingForm(VersionedForm):
    """Why an account is disabled; to enable it again nothing is asked."""

    stale_text = "form.stale.state"
    reason = RadioField(validate_choice=False)

    def __init__(self, **values: int) -> None:
        super().__init__(data=values)
        locale = current_locale()
        self.reason.choices = [(code.value, text(f"disabling.{code}", locale)) for code in DisablingReason]


class FactorRemovalForm(VersionedForm):
    """Why a second factor is to be removed, and how the customer was identified; to stop it nothing is asked."""

    stale_text = "form.stale.state"
    reason = RadioField(validate_choice=False)
    check = RadioField(validate_choice=False)

    def __init__(self, **values: int) -> None:
        super().__init__(data=values)
        locale, way = current_locale(), "request_step.identity-confirmed.way"
        self.reason.choices = [(code.value, text(f"factor_removal.{code}", locale)) for code in RemovalReason]
        self.check.choices = [(code, text(f"{way}.{code}", locale)) for code in IDENTITY_CHECKS]


class ConsentForm(PortalForm):
    """What the customer told about one consent or prohibition, and how."""

    action = RadioField(validate_choice=False)
    source = RadioField(validate_choice=False)
    spoken = RadioField(validate_choice=False)
    shown = HiddenField()
    submission = HiddenField()

    def __init__(self) -> None:
        super().__init__()
        locale = current_locale()
        self.source.choices = [(code.value, text(f"correction.source.{code}", locale)) for code in STAFF_SOURCES]
        self.spoken.choices = language_choices()

    def told(self) -> Told:
        """What was filled in."""
        return Told(
            action=self.action.data or "",
            source=self.source.data or "",
            spoken=self.spoken.data or "",
            shown=self.shown.data or "",
            submission=self.submission.data or "",
        )

    def present(self, item: Switch) -> None:
        """Offer what is possible as things stand, also after an error."""
        locale = current_locale()
        offered = possible(item.rule, item.actions)
        self.action.choices = [(code.value, text(f"consent.action.{code}", locale)) for code in offered]
        position = Position(item.kind.code, item.rule, item.kind.version, item.on)
        self.shown.data = write_shown(locale, [position])
        self.submission.data = new_submission()


class PostingForm(PortalForm):
    """The day on which a letter was posted."""

    posted_on = StringField(widget=DayInput())

    def __init__(self, today: date) -> None:
        super().__init__()
        self.posted_on.render_kw = {"max": today.isoformat()}

    def day(self) -> date | None:
        """The day; None when what was typed is none."""
        return typed_day(self.posted_on.data or "")


class NameForm(CorrectionForm):
    """A person's name."""

    first_name = StringField()
    last_name = StringField()


class CompanyForm(CorrectionForm):
    """The company a customer orders for."""

    company = StringField()
    business_id = StringField()


class EmailForm(CorrectionForm):
    """The contact e-mail of a customer without an account."""

    email = EmailField()


class PhoneForm(CorrectionForm):
    """The phone number."""

    phone = TelField()


class AddressForm(CorrectionForm):
    """The postal address."""

    street = StringField()
    postal_code = StringField()
    city = StringField()
    country = SelectField(validate_choice=False)

    def __init__(self, **values: str) -> None:
        super().__init__(**{**values, "country": values["country"] or HOME})
        self.country.choices = list(country_choices(current_locale()))


class LanguageForm(CorrectionForm):
    """The language of letters and mail."""

    language = SelectField(validate_choice=False)

    def __init__(self, **values: str) -> None:
        super().__init__(**values)
        self.language.choices = language_choices()


CORRECTIONS: dict[str, type[CorrectionForm]] = {
    "name": NameForm,
    "company": CompanyForm,
    "email": EmailForm,
    "phone": PhoneForm,
    "address": AddressForm,
    "language": LanguageForm,
}
