"""Writing the demo into an empty database: once, in one transaction."""

from __future__ import annotations

from sqlalchemy import insert, select

from portal.cli.demo.answering import add_requests
from portal.cli.demo.browsers import log_in_elsewhere
from portal.cli.demo.changes import change_some
from portal.cli.demo.consents import choose_some
from portal.cli.demo.copies import ask_for_copy
from portal.cli.demo.credentials import Hashes
from portal.cli.demo.customers import add_accounts, add_customers
from portal.cli.demo.imported import import_some
from portal.cli.demo.interests import tell_interests
from portal.cli.demo.messages import write_some
from portal.cli.demo.newsletters import draft_one
from portal.cli.demo.order_rows import add_orders
from portal.cli.demo.people import PEOPLE
from portal.cli.demo.requests import ask_for_some
from portal.cli.demo.staff import add_staff
from portal.cli.demo.usage import visit_pages
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.order import Shop
from portal.rules.context import Context
from portal.services.register import customer_search_index

# The shop's row is the mark by which a later start knows that the demo is there.
SHOP = {"code": "demo", "name": "Saariston Veneily", "prefix": "SV"}


class ForeignData(RuntimeError):
    """The database holds customers that are not the demo's. The message says so."""


def is_seeded() -> bool:
    """Whether the demo is there already."""
    return connection().execute(select(Shop.id).where(Shop.code == SHOP["code"])).first() is not None


def seed(context: Context, hashes: Hashes) -> None:
    """Fill an empty database; when the demo is there already, do nothing.

    Raises `ForeignData` rather than mix made-up customers with others.
    """
    if is_seeded():
        return
    if db.session.execute(select(Customer.id).limit(1)).first() is not None:
        raise ForeignData(
            "The database has customers already; the demo fills an empty one only. "
            "Name another with PORTAL_DATABASE_URL or PORTAL_DATA_DIR."
        )
    shop_id = db.session.execute(insert(Shop).values(**SHOP).returning(Shop.id)).scalar_one()
    ids = add_customers(context, PEOPLE, shop_id)
    accounts = add_accounts(context, PEOPLE, ids, hashes)
    add_staff(context, hashes)
    add_orders(context, shop_id, SHOP["prefix"], PEOPLE, ids)
    import_some(context, ids[PEOPLE[0]], SHOP["code"])
    change_some(context, ids, accounts)
    choose_some(context, ids, accounts)
    ask_for_some(context, ids, accounts)
    add_requests(context, ids, accounts)
    write_some(context, ids)
    draft_one(context)
    log_in_elsewhere(context, ids[PEOPLE[0]], accounts[PEOPLE[0]])
    visit_pages(context, ids)
    tell_interests(context, ids, accounts)
    customer_search_index.refresh(context, list(ids.values()))
    ask_for_copy(context, ids, accounts)
