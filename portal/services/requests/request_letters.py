"""The controller's numbered letters about access requests: composed from the step, previewed, rendered and kept.

A letter is in the language of the request and always names the request, whom to ask, and the two remedies: the
complaint to the Data Protection Ombudsman and the court (GDPR 12(4), 77, 79). What the employee wrote stands in it word
for word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import current_app
from sqlalchemy import insert, select

from portal.models.access_request import AccessRequest, AccessRequestLetter
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules.access_requests import CHOSEN, EVERYTHING, LETTER_PREFIX, LetterKind
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.errors import NotFound, PortalError
from portal.rules.formats import NBSP, format_date
from portal.rules.phone import display_phone
from portal.rules.register_labels import left_out_lines
from portal.rules.request_steps import Said, Step
from portal.rules.texts import text
from portal.services.foundation import documents, stored_files
from portal.services.foundation.documents import Block, Bullets, Document, Facts, Heading, Paragraph
from portal.services.foundation.numbering import coming_number, next_number
from portal.services.foundation.postal_lines import COLUMNS, postal_lines
from portal.services.foundation.stored_files import FileFacts, Written

KIND, MEDIA_TYPE = "letter", "application/pdf"


@dataclass(frozen=True)
class About:
    """The request a letter is about, and whom it goes to. `due_on` is the deadline once the step is taken;
    `left_out` is what the copy that goes with it does not hold."""

    request_id: int
    customer_id: int
    reference: str
    language: str
    received_on: date
    due_on: date
    recipient: tuple[str, ...]
    scope: str = EVERYTHING
    left_out: Mapping[str, str] = field(default_factory=dict)
    # While the customer's answer about their identity is awaited: the code of what the letter adds about it.
    awaited: str = ""


@dataclass(frozen=True)
class Draft:
    """A letter before it has a number."""

    kind: LetterKind
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Sheet:
    """A letter that is rendered and on the disk, under the number that comes next, and that no row knows yet."""

    about: About
    draft: Draft
    number: str
    written: Written


class Overtaken(PortalError):
    """What a letter was rendered from is not so any more, its number say: it is rendered again."""


def about(context: Context, request_id: int, due_on: date) -> About:
    """What a letter needs to know of its request and customer."""
    request = (AccessRequest.id, AccessRequest.customer_id, AccessRequest.reference, AccessRequest.language)
    statement = select(*request, AccessRequest.received_on, AccessRequest.scope, *COLUMNS).join_from(
        AccessRequest, Customer, AccessRequest.customer_id == Customer.id
    )
    row = connection().execute(statement.where(AccessRequest.id == request_id)).one()
    recipient = postal_lines(row, row.language)
    return About(row.id, row.customer_id, row.reference, row.language, row.received_on, due_on, recipient, row.scope)


def compose(about: About, step: Step, kind: LetterKind, said: Said, today: date) -> Draft:
    """The letter of a step."""
    blocks = [_opening(about), *_BODIES[kind](about, step, said, today), *_reasons(about, kind, said)]
    title = text(f"letter.title.{kind}", about.language)
    return Draft(kind, title, (*blocks, *_remedies(about.language)))


def preview(context: Context, about: About, draft: Draft) -> bytes:
    """The letter as it will look, marked as a draft, without a number."""
    return documents.render(_document(context, about, draft, text("letter.draft", about.language)))


def render(context: Context, about: About, draft: Draft) -> Sheet:
    """Render the letter under the number that comes next, and write its file: outside any transaction, for it takes a
    while (decision 1)."""
    number = coming_number(context, LETTER_PREFIX)
    content = documents.render(_document(context, about, draft, number))
    return Sheet(about, draft, number, stored_files.write_bytes(content))


def keep(context: Context, sheet: Sheet, on_paper: str | None = None) -> int:
    """Number a letter that was rendered, and store it with how it goes out on paper. Returns its row number.

    Inside the transaction of the step: a step that fails gives its number back. Raises `Overtaken` when another letter
    has got the number meanwhile.
    """
    about, draft, number = sheet.about, sheet.draft, next_number(context, LETTER_PREFIX)
    if number != sheet.number:
        raise Overtaken
    file_id = stored_files.keep(
        context,
        sheet.written,
        customer_id=about.customer_id,
        kind=KIND,
        name=f"{number}.pdf",
        media_type=MEDIA_TYPE,
    )
    statement = insert(AccessRequestLetter).values(
        request_id=about.request_id,
        number=number,
        kind=draft.kind.value,
        language=about.language,
        body=plain(draft),
        written_at=context.now,
        staff_id=context.actor.id,
        file_id=file_id,
        on_paper=on_paper,
    )
    return db.session.execute(statement.returning(AccessRequestLetter.id)).scalar_one()


def open_letter(context: Context, request_id: int, customer_id: int, number: str) -> FileFacts:
    """The PDF of a letter of this request. Raises `NotFound`."""
    own = (AccessRequestLetter.request_id == request_id, AccessRequestLetter.number == number)
    file_id = connection().execute(select(AccessRequestLetter.file_id).where(*own)).scalar()
    if file_id is None:
        raise NotFound
    return stored_files.find(context, file_id, customer_id=customer_id)


def plain(draft: Draft) -> str:
    """The text of the letter, as the portal shows it."""
    return "\n\n".join([draft.title, *(_plain(block) for block in draft.blocks)])


def _plain(block: Block) -> str:
    if isinstance(block, Bullets):
        return "\n".join(f"– {item}" for item in block.items)
    if isinstance(block, Facts):
        return "\n".join(f"{name}: {value}" for name, value in block.rows)
    return str(getattr(block, "text", ""))


def _document(context: Context, about: About, draft: Draft, number: str) -> Document:
    """The sheet: date, number and reference at the top, the address where a window envelope shows it."""
    day = format_date(helsinki_date(context.now), about.language)
    return Document(
        title=draft.title,
        language=about.language,
        written_at=_moment(context),
        blocks=draft.blocks,
        heading_lines=(day, number, about.reference),
        recipient=about.recipient,
    )


def _moment(context: Context) -> datetime:
    return context.now.replace(microsecond=0)


def _opening(about: About) -> Block:
    day = format_date(about.received_on, about.language)
    return Paragraph(text("letter.opening", about.language, reference=about.reference, date=day))


def _identity_question(about: About, step: Step, said: Said, today: date) -> Sequence[Block]:
    language = about.language
    doubts = tuple(text(f"identity.doubt.{ground}", language) for ground in said.grounds)
    return (
        Heading(text("letter.identity.what", language)),
        Paragraph(said.text),
        Paragraph(text(f"letter.identity.check.{said.way}", language)),
        Paragraph(text("letter.identity.clock_late", language, date=format_date(about.due_on, language)))
        if said.late_reason
        else Paragraph(text("letter.identity.clock", language)),
        Heading(text("letter.identity.reasons", language)),
        Paragraph(text("letter.identity.why", language)),
        Bullets(doubts),
    )


def _extension(about: About, step: Step, said: Said, today: date) -> Sequence[Block]:
    language = about.language
    grounds = tuple(text(f"letter.extension.{ground}", language) for ground in said.grounds)
    day = format_date(about.due_on, language)
    awaited = (Paragraph(text(about.awaited, language)),) if about.awaited else ()
    return (Paragraph(text("letter.extension", language, date=day)), Bullets(grounds), *awaited)


def _answer(about: About, step: Step, said: Said, today: date) -> Sequence[Block]:
    language = about.language
    return (
        Paragraph(text("letter.answer.chosen" if about.scope == CHOSEN else "letter.answer", language)),
        Paragraph(text(f"letter.delivery.{said.way}", language)),
        Paragraph(text("letter.answer.content", language)),
        *((Paragraph(said.text),) if said.text else ()),
    )


def _partial_answer(about: About, step: Step, said: Said, today: date) -> Sequence[Block]:
    language = about.language
    grounds = tuple(text(f"letter.withheld.{ground}", language) for ground in said.grounds)
    return (
        Paragraph(text("letter.partial", language)),
        Paragraph(text(f"letter.delivery.{said.way}", language)),
        Paragraph(text("letter.answer.content", language)),
        Heading(text("letter.withheld", language)),
        Bullets((*left_out_lines(about.left_out, language), *said.withheld)),
        Heading(text("letter.withheld.why", language)),
        Bullets(grounds),
    )


def _refusal(about: About, step: Step, said: Said, today: date) -> Sequence[Block]:
    language = about.language
    grounds = tuple(text(f"letter.refusal.{ground}", language) for ground in said.grounds)
    return (Paragraph(text("letter.refusal", language)), *(Paragraph(ground) for ground in grounds))


_BODIES = {
    LetterKind.IDENTITY_QUESTION: _identity_question,
    LetterKind.EXTENSION: _extension,
    LetterKind.ANSWER: _answer,
    LetterKind.PARTIAL_ANSWER: _partial_answer,
    LetterKind.REFUSAL: _refusal,
}


def _reasons(about: About, kind: LetterKind, said: Said) -> Sequence[Block]:
    """The employee's own words, under their heading; an answer and a question have them in their text."""
    if kind in (LetterKind.ANSWER, LetterKind.IDENTITY_QUESTION) or not said.text:
        return ()
    return (Heading(text("letter.reasons", about.language)), Paragraph(said.text))


def _remedies(language: str) -> Sequence[Block]:
    controller = current_app.config["PORTAL_CONTROLLER"]
    who = ", ".join(part for part in (controller.contact_person, controller.email) if part)
    phone = display_phone(controller.phone, language).replace(" ", NBSP)
    return (
        Heading(text("letter.remedies", language)),
        Paragraph(text("letter.remedies.ask", language, who=who, phone=phone)),
        Paragraph(text("letter.remedies.complaint", language)),
        Paragraph(text("letter.remedies.court", language)),
        Paragraph(f"{controller.name}\n{controller.register(language)}"),
    )
