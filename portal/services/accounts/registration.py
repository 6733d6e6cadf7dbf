"""Signing up: what was typed waits in a row of its own until the address is confirmed (decision 5, SECURITY 7, R12).

Whether the address is free, taken or used too often, the same work is done and the same answer given: mail alone tells.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.mail import accounts as mail
from portal.mail.links import LIFE, LinkPurpose
from portal.mail.recipients import Recipient
from portal.models.account import Account, Registration
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import connection, insert_on_conflict
from portal.rules.clock import DRIFT
from portal.rules.context import Context, Visitor
from portal.rules.email_identity import check_email
from portal.rules.passwords import is_too_long
from portal.rules.register import Source
from portal.services.accounts import accounts, known_devices, sessions
from portal.services.accounts.password_hashes import verify_password
from portal.services.accounts.registration_details import Details
from portal.services.auditing import audit
from portal.services.foundation import links, throttle
from portal.services.foundation.keys import lookup_hash
from portal.services.foundation.links import LinkEnded
from portal.services.foundation.throttle import Attempt
from portal.services.register import customer_search_index

# The same form sent again within this time is the same press of the button: no second mail.
SAME_PRESS = timedelta(seconds=60)
_COPIED = (
    "first_name",
    "last_name",
    "company",
    "business_id",
    "phone",
    "street",
    "postal_code",
    "city",
    "country",
    "language",
)


@dataclass(frozen=True)
class Waiting:
    """A sign-up whose address waits for its confirmation."""

    id: int
    email_identity: str
    password_hash: str


def attempts(visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count before a sign-up is looked at: judging and hashing a password costs as much as a log-in."""
    return (Attempt("login_address", "sign-up", visitor.address), Attempt("login_everyone", "sign-up", "all"))


def begin(context: Context, details: Details, password_hash: str) -> None:
    """Keep what was typed and mail the link to the address, or tell its owner that there is an account already."""
    address = check_email(details.email)
    row_id, mailed_at = _keep(context, details, address.identity, password_hash)
    if mailed_at is not None and -DRIFT <= context.now - mailed_at < SAME_PRESS:
        return
    if throttle.count(context, Attempt("verification_mail", "address", address.identity)):
        # Silently: the answer must not tell how often others tried. Without a mail nobody could use the row.
        if mailed_at is None:
            db.session.execute(delete(Registration).where(Registration.id == row_id))
        return
    db.session.execute(update(Registration).where(Registration.id == row_id).values(mailed_at=context.now))
    owner = accounts.find(context, address.identity)
    if owner is None:
        mail.confirm_registration(context, row_id, email=details.email, language=details.language)
    else:
        mail.already_registered(context, owner.recipient)
    audit.record(context, "account.registration_started")


def get(context: Context, registration_id: int) -> Waiting:
    """The sign-up behind a link. Raises `LinkEnded` when it was confirmed or deleted."""
    row = (
        connection()
        .execute(
            select(Registration.id, Registration.email_identity, Registration.password_hash).where(
                Registration.id == registration_id
            )
        )
        .first()
    )
    if row is None:
        raise LinkEnded
    return Waiting(*row)


def password_attempts(waiting: Waiting, visitor: Visitor) -> tuple[Attempt, ...]:
    """What to count before the password of a sign-up is compared: as many tries as for a log-in."""
    return (
        Attempt("login_address", "log-in", visitor.address),
        Attempt("login_identifier", "registration", str(waiting.id)),
        Attempt("login_everyone", "log-in", "all"),
    )


def password_matches(waiting: Waiting, password: str) -> bool:
    """Whether it is the password chosen at sign-up. Call it outside any transaction: it hashes."""
    return not is_too_long(password) and verify_password(password, waiting.password_hash)


def record_failure(context: Context) -> None:
    """Write down that a wrong password was given for a sign-up."""
    audit.record(context, "account.login_failed", customer_id=None, reason="registration")


def confirm(context: Context, registration_id: int, visitor: Visitor) -> str:
    """Open the account and begin its first session. Returns the session's random id.

    Raises `LinkEnded` when the link was used or the address has got an account meanwhile.
    """
    _lock_all_of_address(registration_id)
    waiting = db.session.execute(
        delete(Registration).where(Registration.id == registration_id).returning(*Registration.__table__.c)
    ).first()
    if waiting is None:
        raise LinkEnded
    values = waiting._asdict()
    customer_id = _create_customer(context, values)
    account_id = _create_account(context, customer_id, values)
    db.session.execute(delete(Registration).where(Registration.email_identity == values["email_identity"]))
    customer_search_index.refresh(context, [customer_id])
    known_devices.note(context, known_devices.of_account(account_id), visitor)
    mail.account_ready(context, Recipient(customer_id, values["email"], values["language"]))
    audit.record(context, "customer.created", customer_id=customer_id, source=Source.REGISTRATION.value)
    audit.record(context, "account.registered", customer_id=customer_id)
    return sessions.start_customer(context, account_id, visitor)


def _keep(context: Context, details: Details, identity: str, password_hash: str) -> tuple[int, datetime | None]:
    """Insert the row, or take over the one that the same details made. Returns its number and when it was last mailed.

    On PostgreSQL the conflict waits for the other transaction, so that twenty at once become one.
    """
    fresh = {
        "password_hash": password_hash,
        "created_at": context.now,
        "expires_at": context.now + LIFE[LinkPurpose.VERIFY_EMAIL],
    }
    statement = insert_on_conflict(Registration).values(
        fingerprint=lookup_hash("registration", identity, *details.fingerprint()),
        nonce=links.new_nonce(),
        email=details.email,
        email_identity=identity,
        **{name: getattr(details, name) for name in _COPIED},
        **fresh,
    )
    row = db.session.execute(
        statement.on_conflict_do_update(index_elements=["fingerprint"], set_=fresh).returning(
            Registration.id, Registration.mailed_at
        )
    ).one()
    return row.id, row.mailed_at


def _lock_all_of_address(registration_id: int) -> None:
    """Lock the sign-ups that wait for the same address, in one order: whoever confirms one ends the others, so that two
    that are confirmed at once would wait for each other."""
    address = select(Registration.email_identity).where(Registration.id == registration_id).scalar_subquery()
    same = select(Registration.id).where(Registration.email_identity == address).order_by(Registration.id)
    db.session.execute(same.with_for_update())


def _create_customer(context: Context, values: dict[str, object]) -> int:
    created = insert(Customer).values(
        uuid=uuid.uuid4(),
        email=values["email"],
        email_identity=values["email_identity"],
        source=Source.REGISTRATION.value,
        created_at=context.now,
        **{name: values[name] for name in _COPIED},
    )
    return db.session.execute(created.returning(Customer.id)).scalar_one()


def _create_account(context: Context, customer_id: int, values: dict[str, object]) -> int:
    created = insert(Account).values(
        customer_id=customer_id,
        email=values["email"],
        email_identity=values["email_identity"],
        password_hash=values["password_hash"],
        password_changed_at=context.now,
        created_at=context.now,
        last_login_at=context.now,
    )
    try:
        return db.session.execute(created.returning(Account.id)).scalar_one()
    except IntegrityError:
        # The unique identity is the truth: somebody else confirmed the address first.
        raise LinkEnded from None
