"""A personal identity code that somebody wrote is masked wherever it is shown, and stays as it was written in store."""

import hashlib
import io

from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from portal.models.access_request import AccessRequest, AccessRequestNote
from portal.models.account import Account
from portal.models.base import db
from portal.models.message import Message
from portal.rules.access_requests import NoteKind
from portal.rules.context import Actor, Visitor
from portal.rules.identity_codes import MASK
from portal.rules.request_answers import Answers
from portal.rules.texts import text
from portal.services.accounts import sessions
from portal.services.requests import request_notes
from tests.support import access_requests, builders, copies
from tests.support.access_requests import MadeRequest
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.admin.conftest import Employee

CODE = "131052-308T"
WISHES = f"Henkilötunnukseni on {CODE}."
BROWSER = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox Linux")


def written(transaction: Transaction) -> MadeRequest:
    """A request whose wishes hold a code, as do a note and a message that was sent."""
    with transaction() as context:
        owner = builders.account(context, email="aino@example.com").customer_id
        asked = access_requests.ask(context, owner, Answers(wishes=WISHES))
        builders.message(context, owner, body=f"Hei {CODE}!\n", html=f"<p>Hei {CODE}!</p>")
    return asked


def test_on_every_page_in_mail_and_on_paper(
    officer: Employee, new_client: NewClient, transaction: Transaction, reading: Transaction
) -> None:
    asked = written(transaction)
    staff, member = officer(asked)
    with transaction(Actor("staff", member.id)) as context:
        form = access_requests.submission()
        request_notes.add(
            context, asked.reference, NoteKind.FROM_CUSTOMER, f"Soitti: {CODE}", (), form, access_requests.came(context)
        )
    customer = _browser(new_client, transaction, asked.customer_id)
    with reading():
        message = db.session.execute(select(Message.uuid).where(Message.body.contains(CODE))).scalar_one()
    own, seen = f"/privacy/access-requests/{asked.reference}", list[str]()
    for client, path in (
        (staff, f"/admin/requests/{asked.reference}"),
        (customer, own),
        (customer, "/privacy/requests/access-request"),
        (customer, "/privacy/requests/access-request-note"),
        (customer, f"/messages/{message}"),
    ):
        page = client.get(path)
        assert page.status_code == 200, path
        assert CODE not in page.get_data(as_text=True), path
        assert MASK in page.get_data(as_text=True), path
    receipt = PdfReader(io.BytesIO(customer.get(f"{own}/receipt.pdf").get_data()))
    seen.append(" ".join(page.extract_text() for page in receipt.pages))
    seen.append(Mailbox(reading).latest("access_request_received").text)
    for shown in seen:
        assert CODE not in shown
        assert MASK in shown
        # Whoever reckons the check sum of these words is told why it is another.
        assert " ".join(text("access_request.receipt.masked", "fi").split()) in " ".join(shown.split())


def test_stored_words_their_check_sum_and_the_copy_stay(
    app: Flask, transaction: Transaction, reading: Transaction
) -> None:
    asked = written(transaction)
    with reading():
        row = db.session.execute(select(AccessRequest.statement, AccessRequest.statement_sha256)).one()
    assert CODE in row.statement
    assert row.statement_sha256 == hashlib.sha256(row.statement.encode()).hexdigest()
    archive = copies.make(app, transaction, asked.customer_id)
    assert archive.rows("access_request")[0]["wishes"] == WISHES
    for member in ("index.html", "csv/access_request.csv"):
        assert CODE in archive.members[member].decode()


def test_what_was_typed_goes_back_into_its_field(
    officer: Employee, transaction: Transaction, reading: Transaction
) -> None:
    asked = written(transaction)
    staff, _ = officer(asked)
    # A direction override is refused.
    page = staff.submit(f"/admin/requests/{asked.reference}/correspondence/internal", body=f"{WISHES}\u202e")
    assert page.status_code == 422
    (field,) = page.select("textarea[name=body]")
    assert WISHES in field.get_text()
    with reading():
        assert not db.session.execute(select(AccessRequestNote.id)).all()


def _browser(new_client: NewClient, transaction: Transaction, customer_id: int) -> InvariantClient:
    with transaction() as context:
        account_id = db.session.execute(select(Account.id).where(Account.customer_id == customer_id)).scalar_one()
        token = sessions.start_customer(context, account_id, BROWSER)
    client = new_client()
    client.set_cookie("portal_customer", token, domain="localhost")
    return client
