"""Access requests from the side of whoever asks: making one, entering one that came on paper, and reading one's own.

Every channel is accepted, and a second request within twelve months is accepted and flagged, never refused (12(5)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Row, insert, select

from portal.mail import access_requests as mail
from portal.mail.recipients import Recipient
from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import connection
from portal.models.register import records_of
from portal.rules import deadlines
from portal.rules.access_requests import CHANNELS, LONGEST_TEXT, REFERENCE_PREFIX, EventKind, State
from portal.rules.clean_text import clean_block, clean_line
from portal.rules.clock import helsinki_date
from portal.rules.consents import is_submission
from portal.rules.context import Context
from portal.rules.errors import NotFound, Problem, RuleBroken
from portal.rules.names import is_signed_as
from portal.rules.register import Source
from portal.rules.request_answers import Answers, checked
from portal.rules.request_statement import Asker, compose, digest, place, signed
from portal.rules.request_steps import IN_ACCOUNT
from portal.rules.texts import LOCALES
from portal.services.auditing import audit
from portal.services.foundation.numbering import next_number
from portal.services.register import notice
from portal.services.requests import access_request_moves, request_identity, request_notices, request_repeats
from portal.services.requests import access_request_timeline as timeline
from portal.services.requests.access_request_timeline import Deadline, Step

LONGEST_SIGNATURE = 200
# A request that was found later than this was not received then: the day was mistyped.
LONGEST_UNNOTICED = timedelta(days=365)
MOST_SHOWN = 200


@dataclass(frozen=True)
class Signature:
    """The typed name under a request, the language it was read in, and the random name of the form that was sent."""

    name: str
    language: str
    submission: str


@dataclass(frozen=True)
class Entry:
    """How a request came that an employee writes down, when, and in which words."""

    channel: str
    received_on: date
    statement: str
    language: str
    submission: str | None = None


@dataclass(frozen=True)
class OwnRequest:
    """A request of one's own: the columns of its row, its steps and its deadline as of today."""

    request: Row[Any]
    steps: list[Step]
    deadline: Deadline


def submit(context: Context, customer_id: int, answers: Answers, signature: Signature) -> str:
    """Store a request that is signed in the account, and send the receipt. Returns its number.

    The caller has checked the password right before. The same form sent twice, or at once, is one request (SECURITY
    R12). Raises `RuleBroken` naming everything that is wrong.
    """
    check_form(signature.submission)
    _lock_customer(customer_id)
    known = find_submission(context, customer_id, signature.submission)
    if known is not None:
        return known
    name = check_signature(signature.name)
    answers = checked(answers, notice.categories())
    reference = next_number(context, REFERENCE_PREFIX)
    words = statement_of(context, customer_id, answers, signature.language)
    statement = signed(words, name, context.now, reference, signature.language)
    values = {"channel": Source.ACCOUNT.value, "received_on": helsinki_date(context.now), "signed_name": name}
    values |= {"signed_at": context.now, "language": signature.language, "submission": signature.submission}
    _insert(context, customer_id, answers, {**values, "reference": reference, "statement": statement})
    return reference


def enter(context: Context, customer_id: int, answers: Answers, entry: Entry) -> str:
    """Store a request that came by letter, e-mail, phone or in the shop. Returns its number.

    Raises `RuleBroken` naming everything that is wrong.
    """
    if entry.submission is not None:
        check_form(entry.submission)
    _lock_customer(customer_id)
    known = find_submission(context, customer_id, entry.submission) if entry.submission else None
    if known is not None:
        return known
    answers, statement = _check_entry(context, customer_id, answers, entry)
    values = {"channel": entry.channel, "received_on": entry.received_on, "language": entry.language}
    values |= {"submission": entry.submission, "entered_by_id": context.actor.id}
    reference = next_number(context, REFERENCE_PREFIX)
    _insert(context, customer_id, answers, {**values, "reference": reference, "statement": statement})
    return reference


def statement_of(context: Context, customer_id: int, answers: Answers, locale: str) -> str:
    """The words of a request in a language, as they are shown before they are signed."""
    names = (Customer.first_name, Customer.last_name, Customer.email, Customer.company)
    columns = (*names, Customer.street, Customer.postal_code, Customer.city)
    who = connection().execute(select(*columns).where(Customer.id == customer_id)).one()
    name = f"{who.first_name} {who.last_name}".strip()
    controller = current_app.config["PORTAL_CONTROLLER"]
    known_as = ", ".join(part for part in (who.company, who.email) if part)
    address = place(who.street, who.postal_code, who.city)
    asker = Asker(name, known_as, controller.name, controller.register(locale), address)
    return compose(asker, answers, locale)


def check_signature(name: str) -> str:
    """The typed name, cleaned. Raises `RuleBroken`. It is what the person writes, not what the register calls them."""
    if not name:
        raise RuleBroken.of("signed_name", "access_request.signature_required")
    return clean_line(name, LONGEST_SIGNATURE, "signed_name", minimum=1)


def check_own_name(context: Context, customer_id: int, signed: str, *, otherwise: bool) -> None:
    """Raise `RuleBroken` for a signature that is not the registered name, unless the customer says that they sign
    `otherwise`: names change, and some may act for others. A slip of the pen is told before it is a signature."""
    # Comparing a text of any length would take time that grows with the square of its marks.
    name = check_signature(signed)
    columns = (Customer.first_name, Customer.last_name)
    who = connection().execute(select(*columns).where(Customer.id == customer_id)).one()
    registered = f"{who.first_name} {who.last_name}".strip()
    if not otherwise and not is_signed_as(name, who.first_name, who.last_name):
        raise RuleBroken.of("signed_name", "access_request.signature_differs", name=registered)


def check_form(submission: str) -> None:
    """Raise `RuleBroken` for a name that no form of the portal was given."""
    if not is_submission(submission):
        raise RuleBroken.of(None, "access_request.out_of_date")


def find_submission(context: Context, customer_id: int, submission: str) -> str | None:
    """The number of the request that this very form became, if it did."""
    own = select(AccessRequest.reference).where(
        AccessRequest.customer_id == customer_id, AccessRequest.submission == submission
    )
    return connection().execute(own).scalar()


def own(context: Context, customer_id: int) -> list[OwnRequest]:
    """The customer's requests, newest first."""
    return _read(context, _is_of(customer_id))


def own_open(context: Context, customer_id: int) -> list[OwnRequest]:
    """The customer's requests that are not closed yet, newest first."""
    return _read(context, _is_of(customer_id), AccessRequest.closed_at.is_(None))


def own_one(context: Context, customer_id: int, reference: str) -> OwnRequest:
    """One request. Raises `NotFound` when there is none of that number, or it is somebody else's."""
    found = _read(context, _is_of(customer_id), AccessRequest.reference == reference)
    if not found:
        raise NotFound
    return found[0]


def withdraw(context: Context, customer_id: int, reference: str, version: int) -> None:
    """Withdraw one's own request. Raises `NotFound`, `Stale`, and `RuleBroken` when it is decided already."""
    found = own_one(context, customer_id, reference)
    access_request_moves.move(context, found.request.id, State.WITHDRAWN, version=version)


def _insert(context: Context, customer_id: int, answers: Answers, values: dict[str, Any]) -> None:
    """The one place that writes the row of a request: with its first step, the audit event and the receipt."""
    received_on: date = values["received_on"]
    row = insert(AccessRequest).values(
        customer_id=customer_id,
        state=State.RECEIVED.value,
        scope=answers.scope,
        categories=list(answers.categories),
        wishes=answers.wishes or None,
        contact=answers.contact or None,
        delivery=answers.delivery,
        created_at=context.now,
        statement_sha256=digest(values["statement"]),
        due_on=deadlines.due(received_on, today=helsinki_date(context.now)),
        version=1,
        **values,
    )
    request_id = db.session.execute(row.returning(AccessRequest.id)).scalar_one()
    request_repeats.flag(context, customer_id, received_on)
    timeline.append(context, request_id, EventKind.RECEIVED)
    reference, channel = values["reference"], values["channel"]
    audit.record(context, "access_request.received", customer_id=customer_id, request=reference, channel=str(channel))
    _send_receipt(context, customer_id, values["language"], request_id)


def _send_receipt(context: Context, customer_id: int, language: str, request_id: int) -> None:
    """Mail the receipt where an address is known; on paper it goes with the first letter.

    Only the address of an account is proven: to any other goes that there is a request, and nothing of its words.
    """
    row = request_notices.addresses(customer_id)
    if row.proven is not None:
        mail.access_request_received(context, Recipient(customer_id, row.proven, language), request_id)
    elif row.known is not None:
        mail.access_request_entered(context, Recipient(customer_id, row.known, language), request_id)


def _lock_customer(customer_id: int) -> None:
    """Let the requests of one person be made one after the other."""
    db.session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update()).one()


def _check_entry(context: Context, customer_id: int, answers: Answers, entry: Entry) -> tuple[Answers, str]:
    """The answers and the written-down request, cleaned."""
    problems: list[Problem] = []
    if entry.channel not in CHANNELS or entry.channel == Source.ACCOUNT:
        problems.append(Problem("channel", "access_request.channel_required"))
    today = helsinki_date(context.now)
    if entry.received_on > today:
        problems.append(Problem("received_on", "access_request.received_in_future"))
    elif entry.received_on < today - LONGEST_UNNOTICED:
        problems.append(Problem("received_on", "access_request.received_too_long_ago"))
    if entry.language not in LOCALES:
        problems.append(Problem("language", "language.invalid"))
    statement = ""
    try:
        missing = "request_entry.statement_required"
        statement = clean_block(entry.statement, LONGEST_TEXT, "statement", minimum=1, missing=missing)
    except RuleBroken as broken:
        problems += broken.problems
    try:
        answers = checked(answers, notice.categories())
    except RuleBroken as broken:
        problems += broken.problems
    if answers.delivery in IN_ACCOUNT and not request_identity.has_account(context, customer_id):
        problems.append(Problem("delivery", "request_entry.no_account"))
    if problems:
        raise RuleBroken(*problems)
    return answers, statement


def _is_of(customer_id: int) -> ColumnElement[bool]:
    return AccessRequest.customer_id.in_(records_of(customer_id))


def _read(context: Context, *conditions: ColumnElement[bool]) -> list[OwnRequest]:
    statement = select(*AccessRequest.__table__.columns).where(*conditions)
    newest = (AccessRequest.received_on.desc(), AccessRequest.id.desc())
    rows = connection().execute(statement.order_by(*newest).limit(MOST_SHOWN)).all()
    taken = timeline.steps_of(context, [row.id for row in rows])
    return [OwnRequest(row, taken[row.id], timeline.deadline(context, row.received_on, taken[row.id])) for row in rows]
