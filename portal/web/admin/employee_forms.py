"""The forms of managing employees. Labels stand in the templates, rules in the services."""

from __future__ import annotations

from typing import Any

from wtforms import EmailField, HiddenField, RadioField, StringField

from portal.rules.staff_roles import Role
from portal.rules.texts import text
from portal.web.forms import DayInput, PortalForm
from portal.web.language import current_locale


class RoleForm(PortalForm):
    """What an employee works as."""

    role = RadioField(validate_choice=False)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        locale = current_locale()
        self.role.choices = [(role.value, text(f"role.{role}", locale)) for role in Role]


class InviteForm(RoleForm):
    """A new employee."""

    last_field = "role"
    email = EmailField(render_kw={"autocomplete": "off"})
    name = StringField(render_kw={"autocomplete": "off"})


class EndForm(PortalForm):
    """The last day of an employment; empty for one without an end."""

    ends_on = StringField(widget=DayInput())


class AccessForm(PortalForm):
    """Whether the account is to be open."""

    open = HiddenField()
