"""Recovery codes: ten words on paper for whoever has lost the telephone, each good for one log-in (SECURITY 26).

The codes follow from a random name in the form that asks for them and from the portal's key: the same form sent twice
shows the same codes. The name is kept nowhere. Of it the database holds a keyed digest, made under another label, and
of each code a hash under the pepper: neither leads back, so that the database and `PORTAL_SECRET_KEY` tell no code.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, insert, select, update

from portal.models.account import Account
from portal.models.base import db
from portal.models.database import connection
from portal.models.factor import RecoveryCode, StaffRecoveryCode
from portal.models.staff import Staff
from portal.rules.clean_text import plain_code
from portal.rules.context import Context
from portal.rules.errors import RuleBroken
from portal.services.accounts.factor_owners import Owner, lock
from portal.services.foundation.keys import keys, lookup_hash, pepper_id

COUNT = 10
LENGTH = 12
GROUP = 4
# Crockford's: no letter is taken for a digit or for another letter.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011", "-‐‑–—")
_SUBMISSION_LENGTH = 32
# How long the first codes may be on their way to the page that shows them.
_ON_THEIR_WAY = timedelta(minutes=10)


def of_account(account_id: int) -> Owner:
    """The codes of a customer."""
    return Owner("account", account_id, RecoveryCode, RecoveryCode.account_id, Account)


def of_staff(staff_id: int) -> Owner:
    """The codes of an employee."""
    return Owner("staff", staff_id, StaffRecoveryCode, StaffRecoveryCode.staff_id, Staff)


def make(context: Context, owner: Owner, submission: str) -> tuple[list[str], bool]:
    """Ten new codes, which replace the ones before, and whether they are new: the same form sent again shows the same
    codes, used ones included. Raises `RuleBroken` for a form that was tampered with."""
    if len(submission) != _SUBMISSION_LENGTH or not submission.isascii() or not submission.isalnum():
        raise RuleBroken.of(None, "recovery_codes.again")
    # The same form sent twenty times at once is one set.
    lock(owner)
    batch, codes = _batch(owner, submission)
    known = select(owner.table.id).where(owner.column == owner.id, owner.table.batch == batch).limit(1)
    if db.session.execute(known).first() is not None:
        return codes, False
    forget(context, owner)
    newest = keys().peppers[0]
    common = {owner.column.key: owner.id, "batch": batch, "created_at": context.now, "pepper_id": pepper_id(newest)}
    rows = [{**common, "code_hash": _hash(newest, owner, code)} for code in codes]
    db.session.execute(insert(owner.table), rows)
    return codes, True


def make_with_factor(context: Context, owner: Owner) -> str:
    """Ten codes that come with a second factor. Returns the random name by which `just_made` shows them."""
    name = secrets.token_hex(_SUBMISSION_LENGTH // 2)
    make(context, owner, name)
    return name


def just_made(context: Context, owner: Owner, name: str) -> list[str]:
    """The codes that were made under this name a moment ago; none when they are older or others came after them."""
    batch, codes = _batch(owner, name)
    since = context.now - _ON_THEIR_WAY
    known = select(owner.table.id).where(
        owner.column == owner.id, owner.table.batch == batch, owner.table.created_at > since
    )
    return codes if connection().execute(known.limit(1)).first() is not None else []


def use(context: Context, owner: Owner, typed: str) -> int | None:
    """Use a code up. Returns how many are left, or None when it is not one of them or was used before."""
    code = _plain(typed)
    hashes = [_hash(pepper, owner, code) for pepper in keys().peppers]
    used = db.session.execute(
        update(owner.table)
        .where(owner.column == owner.id, owner.table.code_hash.in_(hashes), owner.table.used_at.is_(None))
        .values(used_at=context.now)
        .returning(owner.table.id)
    )
    return None if used.first() is None else left(context, owner)


def left(context: Context, owner: Owner) -> int:
    """How many codes can still be used. One whose pepper has left the settings is on its paper and opens nothing."""
    known = [pepper_id(pepper) for pepper in keys().peppers]
    usable = owner.table.pepper_id.in_(known) | owner.table.pepper_id.is_(None)
    unused = select(func.count()).where(owner.column == owner.id, owner.table.used_at.is_(None), usable)
    return connection().execute(unused).scalar_one()


def forget(context: Context, owner: Owner) -> None:
    """Delete every code."""
    db.session.execute(delete(owner.table).where(owner.column == owner.id))


def looks_like_one(typed: str) -> bool:
    """Whether what was typed has the form of a recovery code rather than of the telephone's digits."""
    return len(_plain(typed)) == LENGTH


def grouped(code: str) -> str:
    """The code as it is shown: in groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def _batch(owner: Owner, name: str) -> tuple[bytes, list[str]]:
    """What is stored of the name, and the codes. The codes must not follow from what is stored."""
    batch = lookup_hash("recovery batch", owner.kind, str(owner.id), name)
    return batch, [_code(owner, name, number) for number in range(COUNT)]


def _plain(typed: str) -> str:
    return plain_code(typed).upper().translate(_READ_AS)


def _code(owner: Owner, name: str, number: int) -> str:
    digest = lookup_hash("recovery code", owner.kind, str(owner.id), name, str(number))
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:LENGTH])


def _hash(pepper: bytes, owner: Owner, code: str) -> bytes:
    message = f"recovery code {owner.kind} {owner.id} {code}".encode("utf-8", "replace")
    return hmac.digest(pepper, message, hashlib.sha256)
