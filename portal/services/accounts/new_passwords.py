"""What a new password must satisfy, with the controller's own names (SECURITY 1, 4)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from portal.rules.passwords import check_password

# While the password is the only factor of a customer.
SHORTEST = 15


def check(password: str, personal: Sequence[str], *, field: str = "new_password", minimum: int = SHORTEST) -> None:
    """Raise `RuleBroken` that says why the password cannot be used. `personal` are the person's names and addresses."""
    controller = current_app.config["PORTAL_CONTROLLER"]
    company = (controller.name, *controller.register_names, controller.email)
    check_password(password, minimum=minimum, personal=personal, company=company, field=field)
