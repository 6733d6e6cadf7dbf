"""What the tests of answering access requests share: addresses, a request's row, a step filled in and sent."""

import io
from datetime import timedelta
from typing import Any

from pypdf import PdfReader
from sqlalchemy import select

from portal.models.access_request import AccessRequest, AccessRequestEvent, AccessRequestLetter
from portal.models.base import db
from portal.models.message import Message
from portal.rules.access_requests import State
from portal.rules.context import Actor
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.builders import MadeStaff
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import Transaction

REASON = "The data are in three systems and go back nine years, so that gathering them takes longer than a month."
WHY_NOT = (
    "This is the eleventh request within five weeks for the very same data, each sent with the words that it is meant "
    "to keep us from our work."
)

QUESTION: dict[str, Any] = {
    "grounds": ["unknown_sender"],
    "way": "call_back",
    "text": "Which of our numbers may we call you at?",
}


def address(request: MadeRequest, page: str = "") -> str:
    """A page of a request."""
    return f"/admin/requests/{request.reference}" + (f"/{page}" if page else "")


def step_of(request: MadeRequest, step: str) -> str:
    """The page of a step."""
    return address(request, f"steps/{step}")


def row(reading: Transaction, request: MadeRequest) -> Any:
    """The request as it is stored."""
    with reading():
        own = select(*AccessRequest.__table__.columns).where(AccessRequest.id == request.id)
        return db.session.execute(own).one()


def kinds(reading: Transaction, request: MadeRequest) -> list[str]:
    """The steps of the timeline."""
    with reading():
        own = select(AccessRequestEvent.kind).where(AccessRequestEvent.request_id == request.id)
        return list(db.session.execute(own.order_by(AccessRequestEvent.id)).scalars())


def letters(reading: Transaction, request: MadeRequest) -> list[Any]:
    """The letters about a request."""
    with reading():
        columns = AccessRequestLetter.__table__.columns
        own = select(*columns).where(AccessRequestLetter.request_id == request.id)
        return list(db.session.execute(own.order_by(AccessRequestLetter.id)).all())


def mails(reading: Transaction, kind: str) -> list[str]:
    """To whom messages of a kind go."""
    with reading():
        own = select(Message.recipient).where(Message.kind == kind).order_by(Message.id)
        return list(db.session.execute(own).scalars())


def entered(transaction: Transaction, staff_id: int, days_ago: int, **details: Any) -> MadeRequest:
    """A request that came by letter so many days ago."""
    with transaction(Actor("staff", staff_id)) as context:
        who = builders.customer(context, **details)
        received_on = context.now.date() - timedelta(days=days_ago)
        return access_requests.enter(context, who, received_on=received_on)


def lead(transaction: Transaction, request: MadeRequest, member: MadeStaff, *states: State) -> None:
    """Lead a request through states."""
    with transaction() as context:
        access_requests.lead_to(context, request, member.id, *states)


def prepare_answer(transaction: Transaction, request: MadeRequest, member: MadeStaff, **copy: Any) -> None:
    """Search every source and have a copy ready; `copy` are columns of it."""
    with transaction() as context:
        access_requests.attest(context, request, member.id)
        access_requests.make_copy(context, request, **copy)


def download(browser: InvariantClient, path: str) -> PageResponse:
    """A file, read to its end and closed."""
    answer = browser.get(path)
    answer.get_data()
    answer.close()
    return answer


def words(answer: PageResponse) -> str:
    """The text of a PDF."""
    pages = PdfReader(io.BytesIO(answer.get_data())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def pdf(browser: InvariantClient, request: MadeRequest, number: str) -> str:
    """The text of a letter."""
    return words(download(browser, address(request, f"letters/{number}.pdf")))


def send(browser: InvariantClient, request: MadeRequest, step: str, **fields: Any) -> PageResponse:
    """Fill in a step, look at its letter, and send it. Returns the answer to the last button."""
    checked = browser.submit(step_of(request, step), **fields)
    if checked.status_code != 200 or not checked.select("button[value=send]"):
        return checked
    return browser.submit_form(checked, form="form:has(button[value=send])", button="stage=send")
