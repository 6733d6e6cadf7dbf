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

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.mail import request_facts
from portal.mail.facts import Facts, Waiting, found
from portal.mail.links import LIFE, LinkPurpose, link, page, unsubscribe_link
from portal.models.account import Account, EmailChange, PasswordReset, Registration
from portal.models.announcement import Announcement
from portal.models.audit import AuditCheck
from portal.models.consent import ConsentEvent
from portal.models.customer import Customer
from portal.models.data_copy import DataCopy
from portal.models.database import connection
from portal.models.factor import Passkey
from portal.models.session import CustomerSession, StaffSession
from portal.models.staff import Staff
from portal.rules.announcement_types import AnnouncementType
from portal.rules.consents import BY_LINK
from portal.rules.factor_removals import WAIT
from portal.rules.plain_text import paragraphs
from portal.rules.texts import text

# How long a closing can be taken back.
CLOSING_GRACE = timedelta(days=14)


@dataclass(frozen=True)
class Kind:
    """One kind of message. `facts` yields what the templates need beyond the name, the time and the controller.

    `named` is false where the address is not proven yet: a stranger who reads it learns no name. `marketing` is true
    for a message with any advertising: it is sent only while the customer allows it, and carries the way to end it.
    `to_many` is true for what is written to many at once: it leaves after all other mail.
    """

    params: frozenset[str]
    facts: Callable[[Waiting], Facts]
    named: bool = True
    marketing: bool = False
    to_many: bool = False


def _nothing(_message: Waiting) -> Facts:
    return {}


def _taken(message: Waiting) -> Facts:
    """Whether the account that has the address is disabled: then neither a log-in nor a new password leads into it."""
    own = select(Account.disabled_at).where(Account.customer_id == message.customer_id)
    return {"disabled": connection().execute(own).scalar() is not None}


def _registration(message: Waiting) -> Facts:
    row_id = message.params["registration"]
    own = (Registration.id == row_id, Registration.email == message.recipient)
    row = found(select(Registration.nonce, Registration.created_at).where(*own))
    return _linked(LinkPurpose.VERIFY_EMAIL, row_id, row.nonce, row.created_at)


def _reset(message: Waiting) -> Facts:
    row_id = message.params["reset"]
    row = found(
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
        row = found(
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


def _passkeys(message: Waiting) -> Facts:
    """How many passkeys log in beside the password, and where they are removed: a thief may have left one."""
    own = select(func.count()).select_from(Passkey).join(Account, Passkey.account_id == Account.id)
    count = connection().execute(own.where(Account.customer_id == message.customer_id)).scalar_one()
    return {"passkeys": count, "passkeys_page": page("account/passkeys")}


def _closing(message: Waiting) -> Facts:
    statement = select(Account.closing_at).where(
        Account.customer_id == message.customer_id, Account.closing_at.is_not(None)
    )
    return {"until": found(statement).closing_at + CLOSING_GRACE}


def _removal(message: Waiting) -> Facts:
    own = (Account.customer_id == message.customer_id, Account.factor_removal_at.is_not(None))
    # The wait begins when this has left, so it is over at this moment at the earliest.
    until = found(select(Account.factor_removal_at).where(*own)).factor_removal_at + WAIT
    return {"until": until, "security": page("account/security")}


def _removed(_message: Waiting) -> Facts:
    return {"factor": page("account/second-factor")}


def _disabled(message: Waiting) -> Facts:
    """The reason as it stands; who was let in again before the message left is not told of it."""
    statement = select(Account.disabled_reason, Account.closing_at).where(
        Account.customer_id == message.customer_id, Account.disabled_at.is_not(None)
    )
    row = found(statement)
    # Accounts that were disabled before reasons were kept have none.
    reason = text(f"disabling.mail.{row.disabled_reason}", message.language) if row.disabled_reason else ""
    return {"reason": reason, "closing": row.closing_at is not None}


def _consent(message: Waiting) -> Facts:
    columns = (ConsentEvent.kind, ConsentEvent.language, ConsentEvent.wording, Customer.id, Customer.uuid)
    statement = select(*columns).join_from(ConsentEvent, Customer, ConsentEvent.customer_id == Customer.id)
    row = found(
        statement.where(ConsentEvent.id == message.params["event"], ConsentEvent.customer_id == message.customer_id)
    )
    end = unsubscribe_link(row.id, row.uuid, BY_LINK[row.kind])
    return {"wording": row.wording.splitlines(), "spoken": row.language, "end": end}


def _broken_log(message: Waiting) -> Facts:
    """What the check found, whatever a later one finds: readers are told of every break."""
    bad = (AuditCheck.id == message.params["check"], AuditCheck.reason.is_not(None))
    row = found(select(AuditCheck.bad_seq, AuditCheck.reason).where(*bad))
    return {
        "seq": row.bad_seq,
        "reason": text(f"audit_check.{row.reason}", message.language),
        "link": page("admin/audit"),
    }


def _copy(message: Waiting) -> Facts:
    row = found(
        select(DataCopy.expires_at).where(
            DataCopy.id == message.params["copy"],
            DataCopy.customer_id == message.customer_id,
            DataCopy.state == "ready",
        )
    )
    return {"until": row.expires_at}


def _announcement(message: Waiting) -> Facts:
    """The words in the reader's language, what they are, and, to a customer, the way to end marketing."""
    own = select(Announcement.words, Announcement.type).where(Announcement.id == message.params["announcement"])
    row = found(own)
    words, marketing = row.words[message.language], row.type == AnnouncementType.MARKETING
    facts = {"title": words["subject"], "plain": words["text"], "paragraphs": paragraphs(words["text"]), "end": ""}
    facts["marketing"] = marketing
    if message.customer_id is not None and marketing:
        row = found(select(Customer.uuid).where(Customer.id == message.customer_id))
        facts["end"] = unsubscribe_link(message.customer_id, row.uuid)
    return facts


def _linked(purpose: LinkPurpose, row_id: int, nonce: bytes, made: datetime) -> Facts:
    return {"link": link(purpose, row_id, nonce), "until": made + LIFE[purpose]}


def _kind(facts: Callable[[Waiting], Facts], *params: str, named: bool = True) -> Kind:
    return Kind(frozenset(params), facts, named)


KINDS: dict[str, Kind] = {
    "confirm_registration": _kind(_registration, "registration", named=False),
    "already_registered": _kind(_taken),
    "account_ready": _kind(_nothing),
    "reset_password": _kind(_reset, "reset"),
    "password_link": _kind(_reset, "reset"),
    "password_changed": _kind(_passkeys),
    "new_device": _kind(_device, "session"),
    "password_accepted": _kind(_nothing),
    "user_name_chosen": _kind(_nothing),
    "user_name_removed": _kind(_nothing),
    "account_closing": _kind(_closing),
    "account_kept": _kind(_nothing),
    "account_closed": _kind(_nothing),
    "account_disabled": _kind(_disabled),
    "account_enabled": _kind(_nothing),
    "remembered_reused": _kind(_nothing),
    "second_factor_on": _kind(_nothing),
    "second_factor_moved": _kind(_nothing),
    "second_factor_off": _kind(_nothing),
    "second_factor_failing": _kind(_nothing),
    "factor_removal_asked": _kind(_removal),
    "factor_removal_stopped": _kind(_nothing),
    "second_factor_removed": _kind(_removed),
    "recovery_codes_made": _kind(_nothing),
    "recovery_code_used": _kind(_nothing),
    "passkey_added": _kind(_nothing),
    "passkey_removed": _kind(_nothing),
    "confirm_new_email": _kind(_change(LinkPurpose.CONFIRM_EMAIL, EmailChange.new_email), "change", named=False),
    "email_change_asked": _kind(_change(LinkPurpose.CANCEL_EMAIL, EmailChange.old_email), "change"),
    "email_taken": _kind(_nothing),
    "email_changed": _kind(_nothing),
    "access_request_received": _kind(request_facts.access_request, "request"),
    "access_request_entered": _kind(request_facts.entered, "request", named=False),
    "access_request_withdrawn": _kind(request_facts.withdrawn, "request", named=False),
    "consent_by_phone": _kind(_consent, "event"),
    "announcement": Kind(frozenset({"announcement"}), _announcement, marketing=True, to_many=True),
    "service_announcement": Kind(frozenset({"announcement"}), _announcement, to_many=True),
    "announcement_test": _kind(_announcement, "announcement"),
    "copy_ready": _kind(_copy, "copy"),
    "request_due": _kind(request_facts.due, "request"),
    "request_message": _kind(request_facts.due, "request"),
    "request_unanswered": _kind(request_facts.due, "request"),
    "audit_broken": _kind(_broken_log, "check"),
    "staff_access_set": _kind(_nothing),
    "staff_access_renewed": _kind(_nothing),
    "staff_new_device": _kind(_staff_device, "session"),
    "staff_passkey_added": _kind(_nothing),
    "staff_passkey_removed": _kind(_nothing),
    "staff_recovery_code_used": _kind(_nothing),
    "staff_recovery_codes_made": _kind(_nothing),
    "request_letter": _kind(request_facts.letter, "letter"),
    "request_note": _kind(request_facts.note, "note"),
}
