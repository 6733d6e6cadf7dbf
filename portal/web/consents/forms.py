"""The form of the switches. Their names are the codes of the kinds; their words come from the rules."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField

from portal.rules.consents import KINDS
from portal.services.choices.consents import Choices
from portal.web.consent_rows import new_submission
from portal.web.forms import PortalForm

_SWITCH = {"role": "switch"}


class ConsentsForm(PortalForm):
    """Every switch, how the page showed them, and the random name of this form."""

    marketing_email = BooleanField(render_kw=_SWITCH)
    marketing_sms = BooleanField(render_kw=_SWITCH)
    marketing_post = BooleanField(render_kw=_SWITCH)
    marketing_phone = BooleanField(render_kw=_SWITCH)
    survey = BooleanField(render_kw=_SWITCH)
    usage = BooleanField(render_kw=_SWITCH)
    personalisation = BooleanField(render_kw=_SWITCH)
    shown = HiddenField()
    submission = HiddenField()

    def wanted(self) -> dict[str, bool]:
        """Which switches are on in the form that was sent."""
        return {code: bool(self[code].data) for code in KINDS}

    def present(self, choices: Choices) -> None:
        """Fill the form with how things stand, also after an error: what is saved next is what is seen now."""
        for item in choices.switches:
            self[item.kind.code].data = item.on
        self.shown.data = choices.shown
        self.submission.data = new_submission()
