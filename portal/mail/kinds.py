"""The catalogue of messages: each kind with its parameters and what its templates are given when it is sent.

A kind names the folder of its templates. Parameters are row numbers; links, names and times are read when the message
is sent, so that the row of a message holds nothing that would open a door.

A row number alone is not enough: SQLite gives the numbers of deleted rows out again, and a message that waits would
carry somebody else's link. So a row is found only when it belongs to whom the message goes to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.mail.links import LIFE, LinkPurpose, link, page, unsubscribe_link
from portal.models.access_request import AccessRequest, AccessRequestLetter, AccessRequestNote
from portal.models.account import Account, EmailChange, PasswordReset, Registration
from portal.models.audit import AuditCheck
from portal.models.consent import ConsentEvent
from portal.models.customer import Customer
from portal.models.data_copy import DataCopy
from portal.models.database import connection
from portal.models.session import CustomerSession, StaffSession
from portal.models.staff import Staff
from portal.rules import deadlines
from portal.rules.clock import helsinki_date
from portal.rules.consents import BY_LINK
from portal.rules.formats import format_date
from portal.rules.texts import text

Facts = dict[str, Any]
# How long a closing can be taken back.
CLOSING_GRACE = timedelta(days=14)
# A row of `message`, of which `params`, `recipient` and `customer_id` are read.
Waiting = Row[Any]


class Obsolete(LookupError):
    """What the message speaks of is gone or settled: it is not sent any more."""


@dataclass(frozen=True)
class Kind:
    """One kind of message. `facts` yields what the templates need beyond the name, the time and the controller.

    `named` is false where the address is not proven yet: a stranger who reads it learns no name. `marketing` is true
    for a message with any advertising: it is sent only while the customer allows it, and carries the way to end it.
    """

    params: frozenset[str]
    facts: Callable[[Waiting], Facts]
    named: bool = True
    marketing: bool = False


def _nothing(_message: Waiting) -> Facts:
    return {}


def _registration(message: Waiting) -> Facts:
    row_id = message.params["registration"]
    row = _found(
        select(Registration.nonce, Registration.created_at).where(
            Registration.id == row_id, Registration.email == message.recipient
        )
    )
    return _linked(LinkPurpose.VERIFY_EMAIL, row_id, row.nonce, row.created_at)


def _reset(message: Waiting) -> Facts:
    row_id = message.params["reset"]
    row = _found(
        select(PasswordReset.nonce, PasswordReset.created_at)
        .join(Account, PasswordReset.account_id == Account.id)
        .where(
            PasswordReset.id == row_id,
            PasswordReset.ended_at.is_(None),
            Account.customer_id == message.customer_id,
        )
    )
    return _linked(LinkPurpose.RESET_PASSWORD, row_id, row.nonce, row.created_at)


def _change(purpose: LinkPurpose, address: InstrumentedAttribute[str]) -> Callable[[Waiting], Facts]:
    def facts(message: Waiting) -> Facts:
        row_id = message.params["change"]
        row = _found(
            select(EmailChange.nonce, EmailChange.created_at).where(
                EmailChange.id == row_id, EmailChange.cancelled_at.is_(None), address == message.recipient
            )
        )
        return _linked(purpose, row_id, row.nonce, row.created_at)

    return facts


def _device(message: Waiting) -> Facts:
    # The session may have been ended before the mail is sent; the owner hears of the log-in all the same.
    row = (
        connection()
        .execute(
            select(CustomerSession.device)
            .join(Account, CustomerSession.account_id == Account.id)
            .where(CustomerSession.id == message.params["session"], Account.customer_id == message.customer_id)
        )
        .first()
    )
    return {"device": row.device if row else ""}


def _staff_device(message: Waiting) -> Facts:
    row = (
        connection()
        .execute(
            select(StaffSession.device)
            .join(Staff, StaffSession.staff_id == Staff.id)
            .where(StaffSession.id == message.params["session"], Staff.email == message.recipient)
        )
        .first()
    )
    return {"device": row.device if row else ""}


def _closing(message: Waiting) -> Facts:
    statement = select(Account.closing_at).where(
        Account.customer_id == message.customer_id, Account.closing_at.is_not(None)
    )
    return {"until": _found(statement).closing_at + CLOSING_GRACE}


def _consent(message: Waiting) -> Facts:
    columns = (ConsentEvent.kind, ConsentEvent.language, ConsentEvent.wording, Customer.id, Customer.uuid)
    statement = select(*columns).join_from(ConsentEvent, Customer, ConsentEvent.customer_id == Customer.id)
    row = _found(
        statement.where(ConsentEvent.id == message.params["event"], ConsentEvent.customer_id == message.customer_id)
    )
    end = unsubscribe_link(row.id, row.uuid, BY_LINK[row.kind])
    return {"wording": row.wording.splitlines(), "spoken": row.language, "end": end}


def _letter(message: Waiting) -> Facts:
    statement = select(AccessRequest.reference).join(
        AccessRequestLetter, AccessRequestLetter.request_id == AccessRequest.id
    )
    own = (AccessRequestLetter.id == message.params["letter"], AccessRequest.customer_id == message.customer_id)
    return _about(_found(statement.where(*own)).reference)


def _note(message: Waiting) -> Facts:
    statement = select(AccessRequest.reference).join(
        AccessRequestNote, AccessRequestNote.request_id == AccessRequest.id
    )
    own = (AccessRequestNote.id == message.params["note"], AccessRequest.customer_id == message.customer_id)
    return _about(_found(statement.where(*own)).reference)


def _about(reference: str) -> Facts:
    return {"reference": reference, "link": page(f"privacy/access-requests/{reference}")}


def _due(message: Waiting) -> Facts:
    """For an employee who works here still; a request that was answered meanwhile needs no reminder."""
    reader = exists().where(Staff.email == message.recipient, Staff.disabled_at.is_(None))
    waiting = (AccessRequest.id == message.params["request"], AccessRequest.closed_at.is_(None))
    row = _found(select(AccessRequest.reference, AccessRequest.due_on).where(*waiting, reader))
    return {
        "reference": row.reference,
        "due": format_date(row.due_on, message.language),
        "late": row.due_on < helsinki_date(message.created_at),
        "link": page(f"admin/requests/{row.reference}"),
    }


def _broken_log(message: Waiting) -> Facts:
    """What was found, as long as no later check took the place of the one that found it."""
    bad = (AuditCheck.id == message.params["check"], AuditCheck.reason.is_not(None))
    row = _found(select(AuditCheck.bad_seq, AuditCheck.reason).where(*bad))
    return {
        "seq": row.bad_seq,
        "reason": text(f"audit_check.{row.reason}", message.language),
        "link": page("admin/audit"),
    }


def _copy(message: Waiting) -> Facts:
    row = _found(
        select(DataCopy.expires_at).where(
            DataCopy.id == message.params["copy"],
            DataCopy.customer_id == message.customer_id,
            DataCopy.state == "ready",
        )
    )
    return {"until": row.expires_at}


def _access_request(message: Waiting) -> Facts:
    """The receipt shows the request to its owner only, and leads on where there is an account to lead to."""
    columns = (*_RECEIVED, AccessRequest.statement, AccessRequest.statement_sha256)
    row = _found(
        select(*columns, Account.id.label("account_id"))
        .select_from(AccessRequest)
        .outerjoin(Account, Account.customer_id == AccessRequest.customer_id)
        .where(AccessRequest.id == message.params["request"], AccessRequest.customer_id == message.customer_id)
    )
    return {
        **_received(row, message.language),
        "statement": row.statement.splitlines(),
        "sha256": row.statement_sha256,
        "url": page(f"privacy/access-requests/{row.reference}") if row.account_id is not None else "",
    }


def _entered(message: Waiting) -> Facts:
    """What may be told to an address that nobody has proven."""
    own = (AccessRequest.id == message.params["request"], AccessRequest.customer_id == message.customer_id)
    return _received(_found(select(*_RECEIVED).where(*own)), message.language)


def _withdrawn(message: Waiting) -> Facts:
    own = (AccessRequest.id == message.params["request"], AccessRequest.customer_id == message.customer_id)
    row = _found(select(AccessRequest.reference, AccessRequest.closed_at).where(*own))
    closed_at = row.closed_at or message.created_at
    return {"reference": row.reference, "day": format_date(helsinki_date(closed_at), message.language)}


def _received(row: Row[Any], language: str) -> Facts:
    """The number and the days of a request; `late` says that the time was over before it was written down."""
    return {
        "reference": row.reference,
        "received_on": format_date(row.received_on, language),
        "due_on": format_date(row.due_on, language),
        "late": deadlines.is_over(row.received_on, today=helsinki_date(row.created_at)),
    }


_RECEIVED = [getattr(AccessRequest, name) for name in ("reference", "received_on", "due_on", "created_at")]


def _found(statement: Any) -> Row[Any]:
    row: Row[Any] | None = connection().execute(statement).first()
    if row is None:
        raise Obsolete
    return row


def _linked(purpose: LinkPurpose, row_id: int, nonce: bytes, made: datetime) -> Facts:
    return {"link": link(purpose, row_id, nonce), "until": made + LIFE[purpose]}


def _kind(facts: Callable[[Waiting], Facts], *params: str, named: bool = True) -> Kind:
    return Kind(frozenset(params), facts, named)


KINDS: dict[str, Kind] = {
    "confirm_registration": _kind(_registration, "registration", named=False),
    "already_registered": _kind(_nothing),
    "account_ready": _kind(_nothing),
    "reset_password": _kind(_reset, "reset"),
    "password_changed": _kind(_nothing),
    "new_device": _kind(_device, "session"),
    "user_name_chosen": _kind(_nothing),
    "user_name_removed": _kind(_nothing),
    "account_closing": _kind(_closing),
    "account_kept": _kind(_nothing),
    "account_closed": _kind(_nothing),
    "remembered_reused": _kind(_nothing),
    "second_factor_on": _kind(_nothing),
    "second_factor_off": _kind(_nothing),
    "recovery_codes_made": _kind(_nothing),
    "recovery_code_used": _kind(_nothing),
    "passkey_added": _kind(_nothing),
    "passkey_removed": _kind(_nothing),
    "confirm_new_email": _kind(_change(LinkPurpose.CONFIRM_EMAIL, EmailChange.new_email), "change", named=False),
    "email_change_asked": _kind(_change(LinkPurpose.CANCEL_EMAIL, EmailChange.old_email), "change"),
    "email_taken": _kind(_nothing),
    "email_changed": _kind(_nothing),
    "access_request_received": _kind(_access_request, "request"),
    "access_request_entered": _kind(_entered, "request", named=False),
    "access_request_withdrawn": _kind(_withdrawn, "request", named=False),
    "consent_by_phone": _kind(_consent, "event"),
    "copy_ready": _kind(_copy, "copy"),
    "request_due": _kind(_due, "request"),
    "request_message": _kind(_due, "request"),
    "request_unanswered": _kind(_due, "request"),
    "audit_broken": _kind(_broken_log, "check"),
    "staff_access_set": _kind(_nothing),
    "staff_new_device": _kind(_staff_device, "session"),
    "staff_passkey_added": _kind(_nothing),
    "staff_passkey_removed": _kind(_nothing),
    "staff_recovery_code_used": _kind(_nothing),
    "staff_recovery_codes_made": _kind(_nothing),
    "request_letter": _kind(_letter, "letter"),
    "request_note": _kind(_note, "note"),
}
