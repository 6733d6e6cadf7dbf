"""The form that deletes usage statistics."""

from __future__ import annotations

from wtforms import HiddenField

from portal.rules.errors import RuleBroken
from portal.web.forms import PortalForm

CONFIRMED = "yes"


class DeletingForm(PortalForm):
    """One button. `confirmed` says that the page which asks once more was seen."""

    confirmed = HiddenField()

    def check(self) -> None:
        """Raise `RuleBroken` when it was not."""
        if self.confirmed.data != CONFIRMED:
            raise RuleBroken.of(None, "usage.not_confirmed")
