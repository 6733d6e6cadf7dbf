"""The access request of the matrices: taken up, with everything that the pages of employees can show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.models.access_request import AccessRequestLetter
from portal.models.base import db
from portal.models.stored_file import StoredFile
from portal.rules.access_requests import LetterKind, NoteKind, State
from portal.rules.context import Actor, Context
from portal.rules.staff_roles import Role
from portal.services.requests import request_notes
from tests.support import access_requests
from tests.support.sample_files import PDF_FILE
from tests.web.matrix.people import CUSTOMER

if TYPE_CHECKING:
    from tests.web.matrix.world import World

OFFICER = f"staff: {Role.PRIVACY}"


def add(context: Context, world: World) -> None:
    """Make the request of the customer, whom the privacy officer has open."""
    officer = replace(context, actor=Actor("staff", world.employees[OFFICER].id))
    made = access_requests.ask(context, world.accounts[CUSTOMER.name].customer_id)
    access_requests.lead_to(officer, made, world.employees[OFFICER].id, State.IN_PROGRESS)
    access_requests.make_copy(officer, made)
    letter = access_requests.write_letter(officer, made, LetterKind.IDENTITY_QUESTION, world.employees[OFFICER].id)
    said = ("Kirje liitteenä.", [PDF_FILE], access_requests.submission(), access_requests.came(officer))
    request_notes.add(officer, made.reference, NoteKind.FROM_CUSTOMER, *said)
    world.request = made
    numbers = select(AccessRequestLetter.number).where(AccessRequestLetter.id == letter)
    world.request_letter = db.session.execute(numbers).scalar_one()
    files = select(StoredFile.id).where(StoredFile.kind == request_notes.KIND)
    world.request_file = db.session.execute(files).scalar_one()
    world.foreign_file = access_requests.attach(context, world.foreign_request, NoteKind.FROM_CUSTOMER)
