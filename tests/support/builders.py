"""Small functions that put people and orders into the database, for tests that need them to be there.

Call them inside ``with transaction() as context:``. Each fills what the test does not name with plain fictional
values, unique where they must be, and returns the numbers and secrets a test needs to go on. How the portal itself
makes such rows is what other tests prove.
"""

import hashlib
import itertools
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import insert

from portal.models.account import Account
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.message import Message
from portal.models.order import Order, OrderCharge, OrderEvent, OrderLine, Shop
from portal.models.staff import Staff
from portal.models.usage import PageView
from portal.rules.context import Context
from portal.rules.email_identity import check_email
from portal.rules.names import strip_marks
from portal.rules.order_numbers import public_number
from portal.services.accounts.factor_owners import Owner
from portal.services.accounts.password_hashes import hash_password
from portal.services.foundation.keys import encrypt
from portal.services.register import customer_search_index
from tests.support.authenticator import Device

PASSWORD = "sininen polkupyörä sataa hiljaa"
STAFF_PASSWORD = "harmaa lokki kantaa avainta"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class MadeAccount:
    """An account and what its owner types to log in."""

    id: int
    customer_id: int
    email: str
    password: str


@dataclass(frozen=True)
class MadeStaff:
    """An employee and what they type to log in; `code` is the second factor of a moment."""

    id: int
    email: str
    password: str
    totp_secret: str

    def code(self, moment: datetime) -> str:
        """The six digits the employee's telephone shows."""
        return pyotp.TOTP(self.totp_secret).at(moment)


@dataclass(frozen=True)
class MadeOrder:
    """An order and the number its page is found by."""

    id: int
    number: str


@dataclass(frozen=True)
class Line:
    """One order line: quantity in pieces, gross price of one in cents, VAT in basis points."""

    product: str = "Villasukat, harmaa"
    quantity: int = 1
    price: int = 2490
    vat_rate: int = 2550
    sku: str | None = "VS-1"

    @property
    def gross(self) -> int:
        """What the line costs, in cents."""
        return self.quantity * self.price

    @property
    def vat(self) -> int:
        """The VAT inside, in cents, rounded half up."""
        return (2 * self.gross * self.vat_rate + 10_000 + self.vat_rate) // (2 * (10_000 + self.vat_rate))


def customer(context: Context, **details: Any) -> int:
    """A customer in the register, without an account; returns the row number. `details` are columns of Customer."""
    email = details.pop("email", f"asiakas{next(_numbers)}@example.com")
    values = {
        "first_name": "Aino",
        "last_name": "Virtanen",
        "phone": "+358401234567",
        "street": "Kuubankatu 2",
        "postal_code": "00220",
        "city": "HELSINKI",
        "country": "FI",
        "language": "fi",
        "source": context.source.value,
        **details,
    }
    identity = check_email(email).identity if email else None
    row = Customer(uuid=uuid.uuid4(), email=email, email_identity=identity, created_at=context.now, **values)
    db.session.add(row)
    db.session.flush()
    customer_search_index.refresh(context, [row.id])
    return row.id


def account(
    context: Context, customer_id: int | None = None, *, password: str = PASSWORD, **details: Any
) -> MadeAccount:
    """A customer who can log in. `details` are columns of Customer when no customer is given."""
    email = str(details.pop("email", None) or f"asiakas{next(_numbers)}@example.com")
    owner = customer(context, email=email, **details) if customer_id is None else customer_id
    row = Account(
        customer_id=owner,
        email=email,
        email_identity=check_email(email).identity,
        password_hash=hash_password(password),
        password_changed_at=context.now,
        created_at=context.now,
    )
    db.session.add(row)
    db.session.flush()
    return MadeAccount(row.id, owner, email, password)


def user_name(context: Context, account_id: int, name: str) -> None:
    """Gives an account a user name."""
    row = db.session.get_one(Account, account_id)
    row.user_name, row.user_name_identity, row.user_name_since = name, name.casefold(), context.now
    db.session.flush()


def second_factor(context: Context, account_id: int) -> str:
    """Turns the second factor of an account on; returns the secret in the telephone."""
    secret = pyotp.random_base32()
    row = db.session.get_one(Account, account_id)
    row.totp_seed, row.totp_since = encrypt(secret), context.now
    db.session.flush()
    return secret


def passkey(context: Context, owner: Owner, name: str = "Puhelin", device: Device | None = None) -> None:
    """A passkey of an owner, whose key this device has, or none."""
    key = {"credential_id": os.urandom(32), "public_key": os.urandom(77), "sign_count": 0}
    if device is not None:
        key = {"credential_id": device.name, "public_key": device.public_key, "sign_count": device.counter}
    row = {owner.column.key: owner.id, **key, "name": name, "created_at": context.now}
    db.session.execute(insert(owner.table).values(row))


def staff(
    context: Context, role: str = "customer_care", *, password: str = STAFF_PASSWORD, **details: Any
) -> MadeStaff:
    """An employee with a password and a second factor. `details` are columns of Staff."""
    email = str(details.pop("email", None) or f"tyontekija{next(_numbers)}@example.com")
    secret = pyotp.random_base32()
    row = Staff(
        email=email,
        email_identity=check_email(email).identity,
        role=role,
        password_hash=hash_password(password),
        totp_seed=encrypt(secret),
        created_at=context.now,
        **{"name": "Kaisa Korhonen", **details},
    )
    db.session.add(row)
    db.session.flush()
    return MadeStaff(row.id, email, password, secret)


def message(context: Context, customer_id: int | None, **details: Any) -> uuid.UUID:
    """A message that was sent, with what it said; returns its name in addresses. `details` are columns of Message."""
    values = {
        "kind": "password_changed",
        "recipient": "aino@example.com",
        "language": "fi",
        "params": {},
        "status": "sent",
        "attempts": 1,
        "created_at": context.now,
        **details,
    }
    if values["status"] == "sent":
        said = {"subject": "Salasanasi vaihdettiin", "body": "Hei Aino!\n", "html": "<h1>Hei</h1><p>Hei Aino!</p>"}
        values = {"sent_at": values["created_at"], **said, **values}
    row = Message(uuid=uuid.uuid4(), customer_id=customer_id, **values)
    db.session.add(row)
    db.session.flush()
    return row.uuid


def shop(_context: Context, code: str = "verkkokauppa", *, name: str = "Verkkokauppa", prefix: str = "VK") -> int:
    """The shop of that code, made when it is not there yet."""
    known = db.session.query(Shop.id).filter_by(code=code).scalar()
    if known is not None:
        return int(known)
    row = Shop(code=code, name=name, prefix=prefix)
    db.session.add(row)
    db.session.flush()
    return row.id


def order(
    context: Context,
    customer_id: int,
    *,
    lines: Sequence[Line] = (Line(),),
    shipping: int = 0,
    discount: int = 0,
    external_id: str | None = None,
    placed_at: datetime | None = None,
    **details: Any,
) -> MadeOrder:
    """An order in euros; `shipping` and `discount` are gross cents (positive). `details` are columns of Order."""
    shop_id = details.pop("shop_id", None) or shop(context)
    external_id = external_id or str(1000 + next(_numbers))
    charges = _charges(shipping, discount)
    status, moment = details.pop("status", "completed"), placed_at or context.now
    vat = sum(line.vat for line in lines) + sum(charge["vat"] for charge in charges)
    gross = sum(line.gross for line in lines) + sum(charge["gross"] for charge in charges)
    row = Order(
        shop_id=shop_id,
        external_id=external_id,
        number=public_number(db.session.get_one(Shop, shop_id).prefix, external_id),
        customer_id=customer_id,
        status=status,
        currency="EUR",
        placed_at=moment,
        net=gross - vat,
        vat=vat,
        gross=gross,
        first_product=lines[0].product,
        line_count=len(lines),
        source=context.source.value,
        content_digest=hashlib.sha256(external_id.encode()).digest(),
        imported_at=context.now,
        **{**_addresses(customer_id), **details},
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all(_line(row.id, position, line) for position, line in enumerate(lines, 1))
    db.session.add_all(OrderCharge(order_id=row.id, charge_no=n, **charge) for n, charge in enumerate(charges, 1))
    db.session.add(OrderEvent(order_id=row.id, event_no=1, status=status, occurred_at=moment, source=row.source))
    db.session.flush()
    return MadeOrder(row.id, row.number)


def page_view(context: Context, customer_id: int, page: str = "orders.history", **details: Any) -> int:
    """A page that a customer opened; returns the row number. `details` are columns of PageView."""
    row = PageView(customer_id=customer_id, page=page, **{"viewed_at": context.now, **details})
    db.session.add(row)
    db.session.flush()
    return row.id


def _charges(shipping: int, discount: int) -> list[dict[str, Any]]:
    charges = []
    for kind, gross in (("shipping", shipping), ("discount", -discount)):
        if gross:
            vat = round(gross * 2550 / 12550)
            charges.append({"kind": kind, "vat_rate": 2550, "net": gross - vat, "vat": vat, "gross": gross})
    return charges


def _addresses(customer_id: int) -> dict[str, str | None]:
    """The customer's address as the order froze it, for billing and delivery."""
    owner = db.session.get_one(Customer, customer_id)
    name = f"{owner.first_name} {owner.last_name}".strip()
    address = (("name", name), ("street", owner.street), ("postal_code", owner.postal_code), ("city", owner.city))
    parts = (*address, ("country", owner.country))
    frozen = {f"{kind}_{part}": value for kind in ("billing", "delivery") for part, value in parts}
    return {**frozen, "email": owner.email, "phone": owner.phone}


def _line(order_id: int, position: int, line: Line) -> OrderLine:
    return OrderLine(
        order_id=order_id,
        line_no=position,
        sku=line.sku,
        product=line.product,
        product_folded=strip_marks(line.product),
        quantity=line.quantity * 1000,
        unit_price=line.price * 100,
        vat_rate=line.vat_rate,
        net=line.gross - line.vat,
        vat=line.vat,
        gross=line.gross,
    )
