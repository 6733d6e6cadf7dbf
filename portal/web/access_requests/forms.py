"""The forms of an access request: one question each, then the signature. What is right is said by the rules."""

from __future__ import annotations

import secrets
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from portal.rules.access_requests import DELIVERIES, SCOPES
from portal.rules.errors import Problem, RuleBroken
from portal.rules.request_answers import ContactBy
from portal.rules.texts import LOCALES, text
from portal.services.register import notice
from portal.services.requests.access_requests import Signature
from portal.web.forms import PortalForm, VersionedForm
from portal.web.language import current_locale


class ScopeForm(VersionedForm):
    """All data or part of them."""

    scope = RadioField(validate_choice=False)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.scope.choices = _worded("access_request.scope", SCOPES)


class CategoriesForm(VersionedForm):
    """Which kinds of data."""

    categories = SelectMultipleField(
        validate_choice=False, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.categories.choices = _worded("category", notice.categories())


class WishesForm(VersionedForm):
    """What the person wishes besides."""

    wishes = TextAreaField(render_kw={"rows": "6"})


class ContactForm(VersionedForm):
    """By what the person wants to be reached; only what the register knows is offered, and another way."""

    contact_by = RadioField(validate_choice=False)
    contact = StringField(render_kw={"autocomplete": "off"})

    def offer(self, ways: list[str]) -> None:
        """Offer these ways, and another one."""
        self.contact_by.choices = _worded("access_request.contact_by", [*ways, ContactBy.OTHER.value])


class DeliveryForm(VersionedForm):
    """How the copy comes."""

    delivery = RadioField(validate_choice=False)

    def offer(self, *, post: bool) -> None:
        """Offer every way of delivery; by post only where an address is known that the copy may go to."""
        possible = [delivery for delivery in DELIVERIES if post or delivery != "post"]
        self.delivery.choices = _worded("access_request.delivery", possible)


class SignForm(PortalForm):
    """Typed name, password and the code where the second factor is on; and which words were shown, in which language,
    under which random name."""

    signed_name = StringField(render_kw={"autocomplete": "name"})
    # Asked only where the name is another than the registered one.
    otherwise = BooleanField()
    password = PasswordField(render_kw={"autocomplete": "current-password"})
    code = StringField(render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters"})
    submission = HiddenField()
    language = HiddenField()
    shown = HiddenField()

    def __init__(self, *, asks_code: bool) -> None:
        super().__init__()
        self.asks_code = asks_code
        # Whether the name is another than the registered one; no other fault of it is mended by a tick.
        self.differs = False

    def put(self, error: RuleBroken) -> None:
        """Show each problem at its field."""
        super().put(error)
        self.differs = any(problem.code == "access_request.signature_differs" for problem in error.problems)

    def check_filled(self) -> None:
        """Raise `RuleBroken` naming what was left empty: that needs no look at any account."""
        codes = {"signed_name": "access_request.signature_required", "password": "login.password_required"}
        codes |= {"code": "second_factor.required"} if self.asks_code else {}
        problems = [Problem(name, code) for name, code in codes.items() if not self[name].data]
        if self.language.data not in LOCALES:
            problems.append(Problem(None, "access_request.out_of_date"))
        if problems:
            raise RuleBroken(*problems)

    def signature(self) -> Signature:
        """The signature as the service takes it."""
        return Signature(self.signed_name.data or "", self.language.data or "", self.submission.data or "")

    def present(self, *, submission: str, language: str, shown: str) -> None:
        """Fill in what the page shows, also after an error: what is signed next is what is seen now."""
        self.submission.data, self.language.data, self.shown.data = submission, language, shown


class MessageForm(PortalForm):
    """A message to customer service."""

    body = TextAreaField(render_kw={"rows": "6"})
    submission = HiddenField(default=lambda: secrets.token_hex(16))


class WithdrawForm(VersionedForm):
    """Nothing but the button and the version of the request."""


def _worded(prefix: str, codes: Any) -> list[tuple[str, str]]:
    return [(code, text(f"{prefix}.{code}", current_locale())) for code in codes]
