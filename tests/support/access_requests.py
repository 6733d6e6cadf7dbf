"""Access requests for tests: asked in the account, and all that a decision demands beforehand."""

import itertools
import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from portal.models.access_request import (
    AccessRequest,
    AccessRequestAttachment,
    AccessRequestCheck,
    AccessRequestLetter,
    AccessRequestNote,
)
from portal.models.account import Account
from portal.models.base import db
from portal.models.data_copy import DataCopy
from portal.rules.access_requests import CHECKLIST, CHOSEN, LETTER_PREFIX, LetterKind, NoteKind, State
from portal.rules.access_requests import move as allowed_move
from portal.rules.clock import helsinki_date
from portal.rules.context import Actor, Context
from portal.rules.received_messages import Came
from portal.rules.register import Source
from portal.rules.request_answers import Answers
from portal.services.foundation import stored_files
from portal.services.foundation.numbering import next_number
from portal.services.requests import access_request_drafts, access_request_moves, access_requests
from portal.services.requests.access_requests import Entry, Signature

WORDS = "Haluan nähdä kaikki tiedot, joita minusta on."
_numbers = itertools.count(1)


@dataclass(frozen=True)
class MadeRequest:
    """A request and the number its page is found by."""

    id: int
    reference: str
    customer_id: int


def submission() -> str:
    """The random name of a form."""
    return f"{next(_numbers):032x}"


def ask(
    context: Context,
    customer_id: int,
    answers: Answers | None = None,
    *,
    name: str = "Aino Virtanen",
    language: str = "fi",
) -> MadeRequest:
    """A request signed in the account by its owner."""
    account_id = db.session.execute(select(Account.id).where(Account.customer_id == customer_id)).scalar()
    owner = replace(context, actor=Actor("customer", account_id), source=Source.ACCOUNT)
    reference = access_requests.submit(
        owner, customer_id, answers or Answers(), Signature(name, language, submission())
    )
    return _made(reference)


def enter(
    context: Context, customer_id: int, *, channel: str = "letter", received_on: date, language: str = "fi"
) -> MadeRequest:
    """A request that an employee wrote down; the context's actor is the employee. Without an account the copy goes by
    post."""
    account = db.session.execute(select(Account.id).where(Account.customer_id == customer_id)).first()
    answers = Answers(delivery="portal" if account else "post")
    return _made(access_requests.enter(context, customer_id, answers, Entry(channel, received_on, WORDS, language)))


def came(context: Context, on: date | None = None) -> Came:
    """A letter of the customer that came today, or on a day."""
    return Came(Source.LETTER, on or helsinki_date(context.now))


def draft(context: Context, customer_id: int) -> None:
    """A draft that is complete, unless there is one that is."""
    found = access_request_drafts.read(context, customer_id)
    if found.unanswered is not None or found.scope != CHOSEN:
        access_request_drafts.discard(context, customer_id)
        answers = {"scope": CHOSEN, "categories": ("contact", "purchase"), "wishes": "Vuosi 2025 riittää."}
        ways = {"contact_by": "email", "contact": None, "delivery": "portal"}
        access_request_drafts.save(context, customer_id, 0, **answers, **ways)


def write_letter(
    context: Context, request: MadeRequest, kind: LetterKind, staff_id: int, *, on_paper: str | None = None
) -> int:
    """A letter about a request, with a file that holds a few bytes."""
    written = stored_files.write_bytes(b"%PDF-1.7 a letter")
    number = next_number(context, LETTER_PREFIX)
    name = f"{number}.pdf"
    file_id = stored_files.keep(
        context, written, customer_id=request.customer_id, kind="letter", name=name, media_type="application/pdf"
    )
    values = {"number": number, "kind": kind.value, "language": "fi", "body": WORDS, "written_at": context.now}
    own = {"request_id": request.id, "staff_id": staff_id, "file_id": file_id, "on_paper": on_paper}
    row = insert(AccessRequestLetter).values(**values, **own)
    return db.session.execute(row.returning(AccessRequestLetter.id)).scalar_one()


def attest(context: Context, request: MadeRequest, staff_id: int, sources: tuple[str, ...] = CHECKLIST) -> None:
    """Attest that sources outside the system were searched in vain."""
    for source in sources:
        values = {"source": source, "found": False, "attested_at": context.now, "staff_id": staff_id}
        db.session.execute(insert(AccessRequestCheck).values(request_id=request.id, **values))


def attach(
    context: Context,
    request: MadeRequest,
    kind: NoteKind,
    content: bytes = b"%PDF-1.7 a scan",
    *,
    name: str = "liite.pdf",
    media_type: str = "application/pdf",
) -> int:
    """A piece of correspondence with a file, whose row number is returned."""
    written = stored_files.write_bytes(content)
    file_id = stored_files.keep(
        context, written, customer_id=request.customer_id, kind="attachment", name=name, media_type=media_type
    )
    values = {"kind": kind.value, "body": WORDS, "written_at": context.now}
    row = insert(AccessRequestNote).values(request_id=request.id, **values).returning(AccessRequestNote.id)
    note_id = db.session.execute(row).scalar_one()
    db.session.execute(insert(AccessRequestAttachment).values(note_id=note_id, file_id=file_id))
    return file_id


def make_copy(context: Context, request: MadeRequest, content: bytes = b"PK a copy", **details: Any) -> int:
    """A copy of the data that is ready, with a file that holds a few bytes. `details` are columns."""
    expires_at: datetime = context.now + timedelta(days=14)
    written = stored_files.write_bytes(content)
    file_id = stored_files.keep(
        context,
        written,
        customer_id=request.customer_id,
        kind="data_copy",
        name="kopio.zip",
        media_type="application/zip",
        expires_at=expires_at,
    )
    values = {"state": "ready", "attempts": 1, "downloads": 0, "language": "fi", "created_at": context.now}
    row = insert(DataCopy).values(
        uuid=uuid.uuid4(),
        customer_id=request.customer_id,
        request_id=request.id,
        ready_at=context.now,
        expires_at=expires_at,
        file_id=file_id,
        **values,
        **details,
    )
    return db.session.execute(row.returning(DataCopy.id)).scalar_one()


def lead_to(context: Context, request: MadeRequest, staff_id: int, *states: State, reason: str = "Perustelu.") -> None:
    """Lead a request through states as an employee does, with everything that each demands."""
    employee = replace(context, actor=Actor("staff", staff_id))
    for state in states:
        before = State(
            db.session.execute(select(AccessRequest.state).where(AccessRequest.id == request.id)).scalar_one()
        )
        found = allowed_move(before, state)
        assert found is not None, f"no move leads from {before} to {state}"
        if state in (State.ANSWERED, State.PARTLY_ANSWERED):
            attest(employee, request, staff_id)
            if not _has_copy(request):
                make_copy(employee, request)
        letter_id = write_letter(employee, request, found.letter, staff_id) if found.letter else None
        access_request_moves.move(
            employee, request.id, state, reason=reason, letter_id=letter_id, late_reason="Kirje oli kadoksissa."
        )


def _has_copy(request: MadeRequest) -> bool:
    ready = select(DataCopy.id).where(DataCopy.request_id == request.id, DataCopy.state == "ready")
    return db.session.execute(ready.limit(1)).first() is not None


def _made(reference: str) -> MadeRequest:
    own = select(AccessRequest.id, AccessRequest.customer_id).where(AccessRequest.reference == reference)
    row = db.session.execute(own).one()
    return MadeRequest(row.id, reference, row.customer_id)
