"""Access requests of the demo's own customer: one that is being answered, with a message in each direction."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, select

from portal.cli.demo.credentials import CUSTOMER_CARE_EMAIL, CUSTOMER_EMAIL
from portal.cli.demo.people import Person
from portal.models.access_request import AccessRequest, AccessRequestNote
from portal.models.base import db
from portal.models.staff import Staff
from portal.rules.access_requests import NoteKind, State
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.rules.request_answers import Answers
from portal.services import access_request_moves, access_request_papers, access_requests
from portal.services.access_requests import Signature

ASKED, TAKEN_UP, ASKED_BACK, ANSWERED_BACK = (timedelta(days=days) for days in (6, 4, 3, 2))
WISHES = "Minua kiinnostaa erityisesti, mitä takuukorjauksesta kesällä 2025 on kirjattu."
QUESTION = "Hei Aino, tarkoitatko merivaatteen vetoketjun korjausta heinäkuussa 2025?"
ANSWER = "Kyllä, juuri sitä. Kiitos kun tarkistitte!"


def ask_for_some(context: Context, ids: dict[Person, int], accounts: dict[Person, int]) -> None:
    """Let the demo's customer ask for all data, and an employee take the request up."""
    person = next(person for person in ids if person.email == CUSTOMER_EMAIL)
    employee = db.session.execute(select(Staff.id).where(Staff.email == CUSTOMER_CARE_EMAIL)).scalar_one()
    customer = replace(context, actor=Actor("customer", accounts[person]), source=Source.ACCOUNT)
    staff = replace(context, actor=Actor("staff", employee), source=Source.CONTROLLER)
    answers = Answers(wishes=WISHES, contact=CUSTOMER_EMAIL)
    signature = Signature(f"{person.first_name} {person.last_name}", person.language, "demo-request-1".ljust(32, "0"))
    reference = access_requests.submit(_ago(customer, ASKED), ids[person], answers, signature)
    request_id = db.session.execute(select(AccessRequest.id).where(AccessRequest.reference == reference)).scalar_one()
    access_request_moves.move(_ago(staff, TAKEN_UP), request_id, State.IN_PROGRESS)
    _write_to_customer(_ago(staff, ASKED_BACK), request_id, employee)
    access_request_papers.write(_ago(customer, ANSWERED_BACK), ids[person], reference, ANSWER, f"{1:032x}")


def _write_to_customer(context: Context, request_id: int, employee: int) -> None:
    values = {"kind": NoteKind.TO_CUSTOMER.value, "body": QUESTION, "written_at": context.now, "staff_id": employee}
    db.session.execute(insert(AccessRequestNote).values(request_id=request_id, **values))


def _ago(context: Context, time: timedelta) -> Context:
    return replace(context, now=context.now - time)
