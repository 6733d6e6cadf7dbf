"""Access requests of the demo's own customer: one of last year with its answer, and one that is being answered."""

from __future__ import annotations

import io
import uuid
import zipfile
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, select

from portal.cli.demo.credentials import CUSTOMER_CARE_EMAIL, CUSTOMER_EMAIL
from portal.cli.demo.openings import open_for
from portal.cli.demo.people import Person
from portal.mail import requests as mail
from portal.mail.recipients import Recipient
from portal.models.access_request import AccessRequest, AccessRequestCheck, AccessRequestLetter, AccessRequestNote
from portal.models.base import db
from portal.models.data_copy import DataCopy
from portal.models.staff import Staff
from portal.rules.access_requests import CHECKLIST, LETTER_PREFIX, LetterKind, NoteKind, State
from portal.rules.clock import helsinki_date
from portal.rules.context import Actor, Context
from portal.rules.formats import format_date
from portal.rules.opening_purposes import OpeningPurpose
from portal.rules.register import Source
from portal.rules.request_answers import Answers
from portal.rules.texts import text
from portal.services.auditing import audit
from portal.services.data_copy import data_copy_queue
from portal.services.data_copy.data_copy_queue import KIND, LIFE, MEDIA_TYPE
from portal.services.foundation import documents, stored_files
from portal.services.foundation.documents import Document, Paragraph
from portal.services.foundation.numbering import next_number
from portal.services.requests import access_request_moves, access_request_papers, access_requests
from portal.services.requests.access_requests import Signature

ASKED, TAKEN_UP, ASKED_BACK, ANSWERED_BACK = (timedelta(days=days) for days in (6, 4, 3, 2))
LAST_YEAR = timedelta(days=400)
# How long the copy of last year was made, and when it was fetched after the answer.
MAKING, FETCHING = timedelta(minutes=1), timedelta(hours=3)
LETTER = (
    "Vastaamme tarkastuspyyntöösi. Kopio kaikista asiakasrekisterissä olevista tiedoistasi on palvelussamme 14 päivän "
    "ajan. Etsimme tietojasi myös sähköpostistamme, papereistamme ja kassasta; niistä ei löytynyt mitään muuta.\n\n"
    "Jos tietojasi on mielestäsi käsitelty lainvastaisesti, voit tehdä valituksen tietosuojavaltuutetulle. Voit myös "
    "viedä asian tuomioistuimeen."
)
WISHES = "Minua kiinnostaa erityisesti, mitä takuukorjauksesta kesällä 2025 on kirjattu."
QUESTION = "Hei Aino, tarkoitatko merivaatteen vetoketjun korjausta heinäkuussa 2025?"
ANSWER = "Kyllä, juuri sitä. Kiitos kun tarkistitte!"


def ask_for_some(context: Context, ids: dict[Person, int], accounts: dict[Person, int]) -> None:
    """Let the demo's customer ask for all data, and an employee take the request up."""
    person = next(person for person in ids if person.email == CUSTOMER_EMAIL)
    employee = db.session.execute(select(Staff.id).where(Staff.email == CUSTOMER_CARE_EMAIL)).scalar_one()
    customer = replace(context, actor=Actor("customer", accounts[person]), source=Source.ACCOUNT)
    staff = replace(context, actor=Actor("staff", employee), source=Source.CONTROLLER)
    _answer_last_year(customer, staff, ids[person], person)
    answers = Answers(wishes=WISHES, contact=CUSTOMER_EMAIL)
    signature = Signature(f"{person.first_name} {person.last_name}", person.language, uuid.uuid4().hex)
    reference = access_requests.submit(_ago(customer, ASKED), ids[person], answers, signature)
    request_id = db.session.execute(select(AccessRequest.id).where(AccessRequest.reference == reference)).scalar_one()
    for moment in (TAKEN_UP, ASKED_BACK):
        open_for(_ago(staff, moment), ids[person], OpeningPurpose.DATA_REQUEST)
    access_request_moves.move(_ago(staff, TAKEN_UP), request_id, State.IN_PROGRESS)
    reader = Recipient(ids[person], CUSTOMER_EMAIL, person.language)
    _write_to_customer(_ago(staff, ASKED_BACK), request_id, employee, reader)
    access_request_papers.write(_ago(customer, ANSWERED_BACK), ids[person], reference, ANSWER, f"{1:032x}")


def _answer_last_year(customer: Context, staff: Context, customer_id: int, person: Person) -> None:
    """A request that was answered in time; its copy has long been deleted, its letter stays."""
    signature = Signature(f"{person.first_name} {person.last_name}", person.language, uuid.uuid4().hex)
    asked = _ago(customer, LAST_YEAR)
    reference = access_requests.submit(asked, customer_id, Answers(), signature)
    row = db.session.execute(select(AccessRequest).where(AccessRequest.reference == reference)).scalar_one()
    open_for(_ago(staff, LAST_YEAR - timedelta(days=1)), customer_id, OpeningPurpose.DATA_REQUEST)
    access_request_moves.move(_ago(staff, LAST_YEAR - timedelta(days=1)), row.id, State.IN_PROGRESS)
    answered = _ago(staff, LAST_YEAR - timedelta(days=9))
    open_for(replace(answered, now=answered.now - 2 * MAKING), customer_id, OpeningPurpose.DATA_REQUEST)
    for source in CHECKLIST:
        checked = {"source": source, "found": False, "attested_at": answered.now, "staff_id": staff.actor.id}
        db.session.execute(insert(AccessRequestCheck).values(request_id=row.id, **checked))
    prepared = replace(answered, now=answered.now - 2 * MAKING)
    _copy(prepared, replace(customer, now=answered.now), customer_id, row.id, person.language)
    letter_id = _letter(answered, row, person)
    access_request_moves.move(answered, row.id, State.ANSWERED, letter_id=letter_id)
    # The time of the copy has long been over.
    data_copy_queue.expire(customer)


def _copy(staff: Context, customer: Context, customer_id: int, request_id: int, language: str) -> None:
    """The copy of then. Its time is over before anybody can open it, so that its archive is an empty one."""
    made = replace(staff, actor=Actor("job"), now=staff.now + MAKING)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w"):
        pass
    expires_at = made.now + LIFE
    file_id = stored_files.keep(
        made,
        stored_files.write_bytes(archive.getvalue()),
        customer_id=customer_id,
        kind=KIND,
        name="kopio.zip",
        media_type=MEDIA_TYPE,
        expires_at=expires_at,
    )
    times = {"created_at": staff.now, "ready_at": made.now, "expires_at": expires_at}
    values = {"state": "ready", "attempts": 1, "downloads": 1, "language": language, "file_id": file_id, **times}
    db.session.execute(
        insert(DataCopy).values(uuid=uuid.uuid4(), customer_id=customer_id, request_id=request_id, **values)
    )
    audit.record(staff, "copy.requested", customer_id=customer_id)
    audit.record(made, "copy.made", customer_id=customer_id, attempts=1)
    audit.record(_ago(customer, -FETCHING), "copy.downloaded", customer_id=customer_id)


def _letter(context: Context, request: AccessRequest, person: Person) -> int:
    """The letter that went out with the answer."""
    number = next_number(context, LETTER_PREFIX)
    document = Document(
        title=text(f"access_request.letter.{LetterKind.ANSWER}", person.language),
        language=person.language,
        written_at=context.now.replace(microsecond=0),
        blocks=(Paragraph(LETTER),),
        heading_lines=(format_date(helsinki_date(context.now), person.language), number, request.reference),
        recipient=(f"{person.first_name} {person.last_name}", person.street, f"{person.postal_code} {person.city}"),
    )
    file_id = stored_files.keep(
        context,
        stored_files.write_bytes(documents.render(document)),
        customer_id=request.customer_id,
        kind="letter",
        name=f"{number}.pdf",
        media_type="application/pdf",
    )
    values = {"kind": LetterKind.ANSWER.value, "language": person.language, "body": LETTER, "written_at": context.now}
    row = insert(AccessRequestLetter).values(
        request_id=request.id, number=number, staff_id=context.actor.id, file_id=file_id, **values
    )
    return db.session.execute(row.returning(AccessRequestLetter.id)).scalar_one()


def _write_to_customer(context: Context, request_id: int, employee: int, reader: Recipient) -> None:
    values = {"kind": NoteKind.TO_CUSTOMER.value, "body": QUESTION, "written_at": context.now, "staff_id": employee}
    note = insert(AccessRequestNote).values(request_id=request_id, **values).returning(AccessRequestNote.id)
    mail.note(context, reader, db.session.execute(note).scalar_one())


def _ago(context: Context, time: timedelta) -> Context:
    return replace(context, now=context.now - time)
