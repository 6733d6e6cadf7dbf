"""Passkeys: a device proves a person with a key of its own (SECURITY 27).

The address of the portal and its host are those of the settings, the device must have verified its user (by finger,
face or code), and each challenge belongs to one browser session, for one purpose, once.
"""

from __future__ import annotations

import json
import secrets
import struct
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from cryptography.exceptions import UnsupportedAlgorithm
from flask import current_app
from sqlalchemy import Row, delete, insert, select, update
from webauthn.helpers import base64url_to_bytes, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.models.account import Account
from portal.models.base import db
from portal.models.database import affected, connection, insert_on_conflict
from portal.models.factor import Passkey, PasskeyChallenge, StaffPasskey
from portal.models.staff import Staff
from portal.rules.clean_text import clean_line
from portal.rules.clock import DRIFT
from portal.rules.context import Context
from portal.rules.errors import RuleBroken
from portal.services.accounts.factor_owners import Owner, lock
from portal.services.foundation.keys import lookup_hash

LIFE = timedelta(minutes=5)
LONGEST_NAME = 60
MOST = 10
LONGEST_ANSWER = 10_000
LONGEST_NUMBER = 19
_VERIFIED = UserVerificationRequirement.REQUIRED
# What a library raises for an answer that no device of ours has sent.
_UNREADABLE = (
    *(WebAuthnException, UnsupportedAlgorithm, struct.error, RecursionError),
    *(ValueError, LookupError, ArithmeticError, TypeError, AttributeError),
)


def of_account(account_id: int) -> Owner:
    """The passkeys of a customer."""
    return Owner("account", account_id, Passkey, Passkey.account_id, Account)


def of_staff(staff_id: int) -> Owner:
    """The passkeys of an employee."""
    return Owner("staff", staff_id, StaffPasskey, StaffPasskey.staff_id, Staff)


def listing(context: Context, owner: Owner) -> Sequence[Row[Any]]:
    """The owner's passkeys with name and last use, the oldest first."""
    table = owner.table
    columns = (table.id, table.name, table.created_at, table.last_used_at)
    return connection().execute(select(*columns).where(owner.column == owner.id).order_by(table.id)).all()


def options_to_add(context: Context, owner: Owner, session: str, user_name: str) -> str:
    """What the browser needs to make a passkey, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=current_app.config["PORTAL_CONTROLLER"].name,
        user_name=user_name,
        user_id=lookup_hash("passkey user", owner.kind, str(owner.id)),
        challenge=_new_challenge(context, session, "add"),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=_known(owner),
    )
    return options_to_json(options)


def options_to_prove(context: Context, session: str, owner: Owner | None = None) -> str:
    """What the browser needs to sign with a passkey, as JSON; without an owner the device offers what it has, and
    nothing tells who has an account."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=_new_challenge(context, session, "prove"),
        allow_credentials=_known(owner) if owner else None,
        user_verification=_VERIFIED,
    )
    return options_to_json(options)


def take_challenge(context: Context, session: str, purpose: str) -> bytes | None:
    """The challenge of this session, which is worth nothing afterwards. The caller commits before the answer is looked
    at, so that a wrong answer uses it up as well."""
    taken = delete(PasskeyChallenge).where(
        PasskeyChallenge.binding == _binding(session, purpose),
        PasskeyChallenge.created_at > context.now - LIFE,
        PasskeyChallenge.created_at <= context.now + DRIFT,
    )
    return db.session.execute(taken.returning(PasskeyChallenge.challenge)).scalar()


def forget(context: Context, owner: Owner) -> int:
    """Delete all passkeys of the owner. Returns how many."""
    return affected(delete(owner.table).where(owner.column == owner.id))


def add(context: Context, owner: Owner, challenge: bytes | None, answer: str, name: str) -> None:
    """Keep a new passkey. Raises `RuleBroken` naming `name`, or the form for an answer that proves nothing."""
    if not name:
        raise RuleBroken.of("name", "passkey.name_required")
    name = clean_line(name, LONGEST_NAME, "name", minimum=1)
    # Two tabs count one after the other.
    lock(owner)
    if len(listing(context, owner)) >= MOST:
        raise RuleBroken.of(None, "passkey.too_many", maximum=MOST)
    try:
        proven = webauthn.verify_registration_response(
            credential=_readable(answer),
            expected_challenge=challenge or b"",
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except _UNREADABLE:
        raise RuleBroken.of(None, "passkey.refused") from None
    known = select(owner.table.id).where(owner.table.credential_id == proven.credential_id)
    if challenge is None or db.session.execute(known).first() is not None:
        raise RuleBroken.of(None, "passkey.refused")
    row = {"credential_id": proven.credential_id, "public_key": proven.credential_public_key, "name": name}
    counted = {"sign_count": proven.sign_count, "created_at": context.now}
    db.session.execute(insert(owner.table).values({owner.column.key: owner.id, **row, **counted}))


def prove(context: Context, table: Any, challenge: bytes | None, answer: str) -> Row[Any] | None:
    """The row of the passkey that signed the challenge, or None. Its use is noted, and its owner locked."""
    try:
        given = _readable(answer)
        row = db.session.execute(
            select(*table.__table__.columns).where(table.credential_id == base64url_to_bytes(given["id"]))
        ).first()
        if row is None or challenge is None:
            return None
        proven = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except _UNREADABLE:
        return None
    lock(of_account(row.account_id) if table is Passkey else of_staff(row.staff_id))
    used = {"sign_count": proven.new_sign_count, "last_used_at": context.now}
    # The owner may have removed it since it was read: then it proves nothing, and whoever signs with it stays outside.
    return row if affected(update(table).where(table.id == row.id).values(**used)) else None


def remove(context: Context, owner: Owner, number: str) -> bool:
    """Forget a passkey. Returns whether the owner had it."""
    if not (number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER):
        return False
    lock(owner)
    return affected(delete(owner.table).where(owner.column == owner.id, owner.table.id == int(number))) > 0


def purge(context: Context) -> int:
    """Delete challenges that nobody answered. Returns how many."""
    return affected(delete(PasskeyChallenge).where(PasskeyChallenge.created_at <= context.now - LIFE))


def _new_challenge(context: Context, session: str, purpose: str) -> bytes:
    """A new challenge of the session for the purpose; the one before ends."""
    challenge = secrets.token_bytes(32)
    fresh = {"challenge": challenge, "created_at": context.now}
    statement = insert_on_conflict(PasskeyChallenge).values(binding=_binding(session, purpose), **fresh)
    db.session.execute(statement.on_conflict_do_update(index_elements=["binding"], set_=fresh))
    return challenge


def _known(owner: Owner) -> list[PublicKeyCredentialDescriptor]:
    found = connection().execute(select(owner.table.credential_id).where(owner.column == owner.id)).scalars()
    return [PublicKeyCredentialDescriptor(id=credential) for credential in found]


def _readable(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("longer than any answer of a device")
    given = json.loads(answer)
    if not isinstance(given, dict):
        raise ValueError("not an answer of a device")
    return given


def _binding(session: str, purpose: str) -> bytes:
    return lookup_hash("passkey challenge", session, purpose)


def _origin() -> str:
    parts = urlsplit(current_app.config["PORTAL_BASE_URL"])
    return f"{parts.scheme}://{parts.netloc}"


def _host() -> str:
    return urlsplit(current_app.config["PORTAL_BASE_URL"]).hostname or "localhost"
