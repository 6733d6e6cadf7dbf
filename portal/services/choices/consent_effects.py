"""What a choice does at once, in the transaction that stores it, whoever stored it and however it was told."""

from __future__ import annotations

from portal.rules.consents import PERSONALISATION, USAGE, Action, Kind, Rule, permitted
from portal.rules.context import Context
from portal.services.choices import personalisation, usage


def apply(context: Context, customer_id: int, kind: Kind, action: Action) -> None:
    """Carry out what follows from the newest word about a kind. `customer_id` is the record that holds the choices."""
    if kind.code == USAGE and not permitted(Rule.OPT_IN, [action]):
        # Without the consent there is nothing that keeping it could rest on (GDPR 17(1)(b)).
        usage.delete_all(context, customer_id)
    if kind.code == PERSONALISATION:
        # It asks for the consent itself, and takes away what was derived when there is none.
        personalisation.refresh(context, customer_id)
