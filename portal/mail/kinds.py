"""The catalogue of messages: each kind with its parameters and what its templates are given when it is sent.

A kind names the folder of its templates. Parameters are row numbers; links, names and times are read when the message
is sent, so that the row of a message holds nothing that would open a door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from portal.mail.links import LIFE, LinkPurpose, link
from portal.models.account import EmailChange, PasswordReset, Registration
from portal.models.database import connection
from portal.models.session import CustomerSession

Params = Mapping[str, int]
Facts = dict[str, Any]


class Obsolete(LookupError):
    """What the message speaks of is gone or settled: it is not sent any more."""


@dataclass(frozen=True)
class Kind:
    """One kind of message. `facts` yields what the templates need beyond the name, the time and the controller.

    `named` is false where the address is not proven yet: a stranger who reads it learns no name.
    """

    params: frozenset[str]
    facts: Callable[[Params], Facts]
    named: bool = True


def _nothing(_params: Params) -> Facts:
    return {}


def _registration(params: Params) -> Facts:
    row = _found(select(Registration.nonce, Registration.created_at).where(Registration.id == params["registration"]))
    return _linked(LinkPurpose.VERIFY_EMAIL, params["registration"], row.nonce, row.created_at)


def _reset(params: Params) -> Facts:
    row = _found(
        select(PasswordReset.nonce, PasswordReset.created_at).where(
            PasswordReset.id == params["reset"], PasswordReset.ended_at.is_(None)
        )
    )
    return _linked(LinkPurpose.RESET_PASSWORD, params["reset"], row.nonce, row.created_at)


def _change(purpose: LinkPurpose) -> Callable[[Params], Facts]:
    def facts(params: Params) -> Facts:
        row = _found(
            select(EmailChange.nonce, EmailChange.created_at).where(
                EmailChange.id == params["change"], EmailChange.cancelled_at.is_(None)
            )
        )
        return _linked(purpose, params["change"], row.nonce, row.created_at)

    return facts


def _device(params: Params) -> Facts:
    # The session may have been ended before the mail is sent; the owner hears of the log-in all the same.
    row = connection().execute(select(CustomerSession.device).where(CustomerSession.id == params["session"])).first()
    return {"device": row.device if row else ""}


def _found(statement: Any) -> Row[Any]:
    row: Row[Any] | None = connection().execute(statement).first()
    if row is None:
        raise Obsolete
    return row


def _linked(purpose: LinkPurpose, row_id: int, nonce: bytes, made: datetime) -> Facts:
    return {"link": link(purpose, row_id, nonce), "until": made + LIFE[purpose]}


def _kind(facts: Callable[[Params], Facts], *params: str, named: bool = True) -> Kind:
    return Kind(frozenset(params), facts, named)


KINDS: dict[str, Kind] = {
    "confirm_registration": _kind(_registration, "registration", named=False),
    "already_registered": _kind(_nothing),
    "account_ready": _kind(_nothing),
    "reset_password": _kind(_reset, "reset"),
    "password_changed": _kind(_nothing),
    "new_device": _kind(_device, "session"),
    "confirm_new_email": _kind(_change(LinkPurpose.CONFIRM_EMAIL), "change", named=False),
    "email_change_asked": _kind(_change(LinkPurpose.CANCEL_EMAIL), "change"),
    "email_taken": _kind(_nothing),
    "email_changed": _kind(_nothing),
}
