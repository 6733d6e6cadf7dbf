"""The world of the matrices with pages that are full: long names, every state of an order, changed details."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask

from portal.rules.consents import KINDS, PERSONALISATION, USAGE, Action
from portal.rules.context import Actor, Context
from portal.rules.order_status import STATUSES
from portal.rules.register import Source
from portal.services.choices import consent_changes, consent_events, interests, personalisation
from portal.services.choices.consent_events import Said
from portal.services.register import customer_openings, provenance
from tests.support import builders
from tests.support.builders import Line
from tests.support.fixtures import Transaction
from tests.web.matrix.people import CUSTOMER
from tests.web.matrix.world import World, build

ORDERS = 23
LINES = (
    Line("Purjeveneen pohjamaali, kova, kuparioksidi, tummansininen, 2,5 l", 3, 8990, 2550, "PM-25-TS"),
    Line("Satulahuopa", 1, 4900, 1350, "SH-1"),
    Line("Ääninappi", 12, 395, 2550, None),
)
DETAILS: dict[str, str | None] = {
    "first_name": "Máret-Anneli",
    "last_name": "Näkkäläjärvi-Wickström",
    "company": "Pohjois-Karjalan Veneenveistämö ja Purjetarvike Oy",
    "business_id": "2077474-0",
    "street": "Ylä-Kaupin Vanhan Rautatieaseman kuja 112 B 34",
}


def build_full(app: Flask, base_url: str, transaction: Transaction) -> World:
    """Everybody of the matrices; the customer has more orders than a page holds, one of them with everything."""
    world = build(app, base_url, transaction)
    account = world.accounts[CUSTOMER.name]
    with transaction() as context:
        _change_details(context, account.id, account.customer_id)
        consent_changes.unsubscribe(context, account.customer_id, KINDS["marketing_email"], "sv")
        _tell_interests(context, account.id, account.customer_id)
        states = list(STATUSES)
        for number in range(ORDERS):
            placed = context.now - timedelta(days=40 * number, hours=number)
            builders.order(
                context,
                account.customer_id,
                external_id=f"5{number:03}",
                lines=LINES[: 1 + number % len(LINES)],
                placed_at=placed,
                status=states[number % len(states)],
                shipping=990,
            )
        world.own_order = builders.order(
            context,
            account.customer_id,
            external_id="9001",
            lines=LINES,
            shipping=1490,
            discount=2500,
            status="shipped",
            note="Paketin voi jättää naapuriin, asunto 24. Ovikoodi on vaihtunut, soittakaa alhaalta.",
            payment_method="card",
        )
        personalisation.refresh(context, account.customer_id)
        _look(context, world, account.customer_id)
    return world


def _look(context: Context, world: World, customer_id: int) -> None:
    """What an employee saw on one day, which the customer reads as one line that unfolds."""
    employee = next(made for person, made in world.employees.items() if person == "staff: privacy")
    by_staff = replace(context, actor=Actor("staff", employee.id))
    for code in ("customer", "consents", "correct"):
        customer_openings.note_look(by_staff, customer_id, "staff.customer_viewed", page=code)
    customer_openings.note_look(by_staff, customer_id, "staff.order_viewed", page="order", order=world.own_order.id)


def _tell_interests(context: Context, account_id: int, customer_id: int) -> None:
    """Interests, and the consent to suggestions and statistics."""
    by_customer = replace(context, actor=Actor("customer", account_id), source=Source.ACCOUNT)
    interests.save(
        by_customer, customer_id, interests.version_of([]), ["boating", "clothing"], "Ääninapit ja sumutorvet"
    )
    for kind in (KINDS[PERSONALISATION], KINDS[USAGE]):
        consent_events.append(by_customer, customer_id, kind, Action.GIVEN, Said("fi", "Haluan", 1))


def _change_details(context: Context, account_id: int, customer_id: int) -> None:
    by_customer = replace(context, actor=Actor("customer", account_id), source=Source.ACCOUNT)
    provenance.set_fields(by_customer, provenance.lock(customer_id), DETAILS)
    by_phone = replace(context, actor=Actor("staff", 1), source=Source.PHONE)
    provenance.set_fields(by_phone, provenance.lock(customer_id), {"phone": "+358501234567"})
