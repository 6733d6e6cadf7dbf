"""The forms with which customers and employees alike prove who they are: a password, a code, a passkey."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, StringField

from portal.web.forms import PortalForm, refuse_empty

_CODE = {"autocomplete": "one-time-code", "autocapitalize": "characters"}


class PasswordForm(PortalForm):
    """The password one has."""

    password = PasswordField(render_kw={"autocomplete": "current-password"})

    def check_filled(self) -> None:
        """Raise `RuleBroken` when the password was left empty."""
        refuse_empty(self, {"password": "login.password_required"})


class CodeForm(PortalForm):
    """A code of the telephone, or a recovery code."""

    code = StringField(render_kw={**_CODE, "autofocus": True})

    def check_filled(self) -> None:
        """Raise `RuleBroken` when the code was left empty: that is no try."""
        refuse_empty(self, {"code": "second_factor.required"})


class ConfirmForm(PasswordForm):
    """The password, and the code where the second factor is on."""

    code = StringField(render_kw=_CODE)

    def __init__(self, *, asks_code: bool) -> None:
        super().__init__()
        self.asks_code = asks_code

    def check_filled(self) -> None:
        """Raise `RuleBroken` naming what was left empty."""
        code = {"code": "second_factor.required"} if self.asks_code else {}
        refuse_empty(self, {"password": "login.password_required", **code})


class PasskeyForm(PortalForm):
    """The answer of a device, and the name it is to have."""

    name = StringField(render_kw={"autocomplete": "off"})
    credential = HiddenField()
