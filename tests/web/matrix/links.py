"""One live link of each kind, made by the services that mail them."""

from typing import Any

from sqlalchemy import select

from portal.mail.links import LinkPurpose, link, unsubscribe_link
from portal.models.account import EmailChange, PasswordReset, Registration
from portal.models.base import db
from portal.models.customer import Customer
from portal.rules.context import Context
from portal.rules.staff_roles import Role
from portal.services.accounts import email_change, password_reset, registration
from portal.services.accounts.password_hashes import hash_password
from portal.services.accounts.registration_details import Details
from portal.services.employees import staff_accounts
from tests.support.builders import PASSWORD, MadeAccount

DETAILS = Details(
    email="uusi.asiakas@example.com",
    first_name="Helmi",
    last_name="Salo",
    phone="+358401234568",
    street="Kuubankatu 4",
    postal_code="00220",
    city="HELSINKI",
    country="FI",
    language="fi",
)
_ROWS: dict[LinkPurpose, Any] = {
    LinkPurpose.VERIFY_EMAIL: Registration,
    LinkPurpose.RESET_PASSWORD: PasswordReset,
    LinkPurpose.CONFIRM_EMAIL: EmailChange,
    LinkPurpose.CANCEL_EMAIL: EmailChange,
}


INVITATION = "staff invitation"


def make(context: Context, changing: MadeAccount, forgetting: MadeAccount) -> dict[str, str]:
    """The tokens by purpose: a sign-up that waits, changes of address and password of two people, an invitation."""
    registration.begin(context, DETAILS, hash_password(PASSWORD))
    password_reset.request(context, forgetting.email)
    email_change.request(context, changing.id, "toinen.osoite@example.com")
    tokens = {str(purpose): _token(purpose, table) for purpose, table in _ROWS.items()}
    tokens[INVITATION] = staff_accounts.create(context, "uusi.tyontekija@example.com", Role.CUSTOMER_CARE, "Onni Aalto")
    tokens[LinkPurpose.UNSUBSCRIBE] = unsubscribe_token(changing.customer_id)
    return tokens


def unsubscribe_token(customer_id: int) -> str:
    """The token in a customer's link that ends marketing by e-mail."""
    return unsubscribe_link(customer_id, db.session.get_one(Customer, customer_id).uuid).rpartition("/")[2]


def _token(purpose: LinkPurpose, table: Any) -> str:
    row = db.session.execute(select(table.id, table.nonce)).one()
    return link(purpose, row.id, row.nonce).rpartition("/")[2]
