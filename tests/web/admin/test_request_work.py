"""Giving a request to somebody, searching sources, writing to and fro, files, and the copy."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.models.access_request import AccessRequestCheck, AccessRequestNote
from portal.models.base import db
from portal.models.message import Message
from portal.models.stored_file import StoredFile
from portal.rules.access_requests import EventKind, State
from portal.rules.attachments import LARGEST
from portal.rules.clock import helsinki_date
from portal.rules.context import Actor
from portal.rules.formats import format_date
from portal.services.requests import access_request_timeline as timeline
from portal.web.boundary import LARGER_BODIES
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient, Transaction
from tests.support.sample_files import JPEG_FILE, PDF_FILE, PNG_FILE
from tests.web.admin.answering import address, download, kinds, lead, mails, row
from tests.web.admin.conftest import OWNER, Employee
from tests.web.auth.together import TIMES, press


def notes(reading: Transaction) -> list[Any]:
    with reading():
        return list(db.session.execute(select(*AccessRequestNote.__table__.columns)).all())


def write(
    browser: InvariantClient, request: MadeRequest, kind: str, *files: bytes, body: str = "Kirje"
) -> PageResponse:
    """Write something with files whose names lie about what they are."""
    path = address(request, f"correspondence/{kind}")
    page = browser.get(path)
    hidden = {str(tag["name"]): str(tag["value"]) for tag in page.select("main input[type=hidden]")}
    sent = [FileStorage(io.BytesIO(content), "../../kirje <b>.exe", "files") for content in files]
    came = {"channel": "letter", "received_on": _today().isoformat()} if kind == "from-customer" else {}
    boundary, data = encode_multipart({**hidden, **came, "body": body, "files": sent})
    return browser.post(path, data=data, content_type=f"multipart/form-data; boundary={boundary}")


def _today() -> date:
    return helsinki_date(datetime.now(UTC))


def test_a_request_is_given_to_a_colleague_of_the_team(
    officer: Employee,
    employee: Employee,
    asked: MadeRequest,
    reading: Transaction,
    transaction: Transaction,
    events: Any,
) -> None:
    browser, member = officer(name="Kaisa Korhonen")
    _, colleague = employee("privacy", name="Onni Aalto")
    employee("privacy", name="Veikon oma", email=OWNER.upper())
    employee("customer_care", name="Aino Asiakaspalvelu")
    page = browser.get(address(asked, "assignment"))
    assert page.texts("fieldset label") == ["Kaisa Korhonen", "Onni Aalto"]
    page = browser.follow(browser.submit_form(page, staff=colleague.id))
    assert page.texts(".history__item p.muted")[-1].startswith("Kaisa Korhonen, to Onni Aalto, ")
    with transaction(Actor("job")) as context:
        timeline.append(context, asked.id, EventKind.REMINDED, staff_id=colleague.id)
    assert "The system, to Onni Aalto, " in browser.get(address(asked)).texts(".history__item p.muted")[-1]
    assert row(reading, asked).assigned_id == colleague.id
    assert kinds(reading, asked)[-2] == "assigned"
    (event,) = events("access_request.assigned")
    assert (event.actor_id, event.staff_id, event.details) == (member.id, colleague.id, {"request": asked.reference})


def test_nobody_else_is_offered_or_taken(
    officer: Employee, employee: Employee, asked: MadeRequest, reading: Transaction
) -> None:
    browser, _ = officer()
    _, care = employee("customer_care")
    path = address(asked, "assignment")
    for given in (str(care.id), "", "0", "9999", "x", "²"):
        data = {"csrf_token": browser.csrf_token(path), "version": "1", "staff": given}
        answer = browser.post(path, data=data)
        assert (answer.status_code, answer.fields_in_error) == (422, ["staff"])
    assert row(reading, asked).assigned_id is None


def test_two_who_take_a_request_at_once_are_told(officer: Employee, asked: MadeRequest, reading: Transaction) -> None:
    first, kaisa = officer(name="Kaisa Korhonen")
    second, onni = officer(name="Onni Aalto")
    page = second.get(address(asked, "assignment"))
    first.submit(address(asked, "assignment"), staff=kaisa.id)
    late = second.submit_form(page, staff=onni.id)
    assert late.status_code == 409
    assert row(reading, asked).assigned_id == kaisa.id
    assert second.submit_form(late, staff=onni.id).status_code == 303
    assert row(reading, asked).assigned_id == onni.id


def test_sources_are_searched_one_by_one_on_somebodys_word(
    officer: Employee, asked: MadeRequest, reading: Transaction, events: Any
) -> None:
    browser, member = officer(name="Kaisa Korhonen")
    path = address(asked, "checklist")
    page = browser.submit(path, mailbox="found", paper_note="Yksi kirje")
    assert (page.status_code, page.fields_in_error) == (422, ["mailbox_note", "paper"])
    page = browser.follow(browser.submit(path, mailbox="nothing", paper="found", paper_note="Yksi kirje"))
    section = page.select("section[aria-labelledby=checklist]")[0].get_text()
    assert "Nothing was found" in section and "Yksi kirje" in section and "Not searched yet" in section
    again = browser.get(path)
    assert again.select("input[name=mailbox][value=nothing]")[0].has_attr("checked")
    browser.submit_form(again, till="nothing", mailbox="found", mailbox_note="Viesti maaliskuulta")
    with reading():
        columns = (AccessRequestCheck.source, AccessRequestCheck.found, AccessRequestCheck.staff_id)
        stored = db.session.execute(select(*columns).order_by(AccessRequestCheck.source)).all()
    assert [tuple(found) for found in stored] == [
        ("mailbox", True, member.id), ("paper", True, member.id), ("till", False, member.id),
    ]  # fmt: skip
    # What stayed as it was is not attested again.
    told = [
        (event.details["searched"], event.details["found_something"])
        for event in events("access_request.source_searched")
    ]
    assert told == [("mailbox", False), ("paper", True), ("mailbox", True), ("till", False)]


def test_a_decided_request_is_not_searched_for(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction
) -> None:
    browser, member = officer()
    page = browser.get(address(asked, "checklist"))
    lead(transaction, asked, member, State.WITHDRAWN)
    late = browser.submit_form(page, till="nothing")
    assert late.status_code == 422
    assert "closed already" in " ".join(late.error_summary)


def test_a_message_waits_in_the_portal_and_the_mail_says_only_that(
    officer: Employee, asked: MadeRequest, reading: Transaction, events: Any
) -> None:
    browser, member = officer()
    page = browser.follow(browser.submit(address(asked, "correspondence/to-customer"), body="Milloin sopii soittaa?"))
    assert "the customer was told by mail" in page.page_text and "Milloin sopii soittaa?" in page.page_text
    (note,) = notes(reading)
    assert (note.kind, note.staff_id) == ("to_customer", member.id)
    assert mails(reading, "request_note") == [OWNER]
    assert "Print and post" not in page.texts(".correspondence")[0]
    with reading():
        assert db.session.execute(select(Message.params).where(Message.kind == "request_note")).scalar_one() == {
            "note": note.id
        }
    assert [event.details for event in events("access_request.noted")] == [
        {"request": asked.reference, "note": "to_customer", "files": 0}
    ]


def test_who_has_no_account_is_written_to_on_paper(
    officer: Employee, reading: Transaction, transaction: Transaction
) -> None:
    with transaction() as context:
        builders.staff(context)
        who = builders.customer(context, email="paperi@example.org")
        entered = access_requests.enter(context, who, received_on=context.now.date())
    browser, _ = officer(entered)
    assert "Nothing is mailed." in browser.get(address(entered, "correspondence/to-customer")).page_text
    page = browser.follow(browser.submit(address(entered, "correspondence/to-customer"), body="Hei"))
    assert "print it and post it" in page.page_text
    assert mails(reading, "request_note") == []
    # It is told for as long as the correspondence is read, not on the next page alone.
    assert "Print and post: nothing was mailed" in browser.get(address(entered)).texts(".correspondence")[0]


@pytest.mark.security(53, 55, 57)
def test_files_are_kept_under_names_of_ours_and_handed_out_as_downloads(
    officer: Employee, asked: MadeRequest, reading: Transaction
) -> None:
    browser, _ = officer()
    assert write(browser, asked, "from-customer", PDF_FILE, PNG_FILE, JPEG_FILE).status_code == 303
    came, stored = browser.get(address(asked)).texts(".correspondence p.muted")[:2]
    assert came == f"By letter, received {format_date(_today(), 'en')}" and stored.startswith("stored by ")
    links = browser.get(address(asked)).select("section[aria-labelledby=correspondence] li a")
    (note,) = notes(reading)
    names = [
        f"{asked.reference}-{note.id}-{number}.{suffix}" for number, suffix in ((1, "pdf"), (2, "png"), (3, "jpg"))
    ]
    assert [link.get_text() for link in links] == names
    types = ("application/pdf", "image/png", "image/jpeg")
    for link, name, kind, content in zip(links, names, types, (PDF_FILE, PNG_FILE, JPEG_FILE), strict=True):
        answer = download(browser, str(link["href"]))
        assert (answer.mimetype, answer.get_data()) == (kind, content)
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    with reading():
        assert set(db.session.execute(select(StoredFile.kind)).scalars()) == {"attachment"}


@pytest.mark.security(33)
def test_a_file_opens_with_its_own_request_only(
    officer: Employee, asked: MadeRequest, transaction: Transaction
) -> None:
    browser, _ = officer()
    write(browser, asked, "internal", PDF_FILE)
    (link,) = browser.get(address(asked)).select("section[aria-labelledby=correspondence] li a")
    with transaction() as context:
        other = access_requests.ask(context, builders.account(context).customer_id)
    browser.submit(address(other, "open"))
    assert browser.get(str(link["href"]).replace(asked.reference, other.reference)).status_code == 404
    stranger, _ = officer(other)
    assert stranger.get(str(link["href"])).status_code == 303


@pytest.mark.security(53, 54, 55, 58)
@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("internal", [b"<script>alert(1)</script>"]),
        ("internal", [b"PK\x03\x04"]),
        ("internal", [PDF_FILE, b"MZ"]),
        ("internal", [PNG_FILE] * 6),
        ("from-customer", [PDF_FILE.replace(b"%%EOF", b"a" * LARGEST + b"%%EOF")]),
    ],
)
def test_other_files_are_refused_and_the_text_is_kept(
    officer: Employee, asked: MadeRequest, reading: Transaction, kind: str, files: list[bytes]
) -> None:
    browser, _ = officer()
    page = write(browser, asked, kind, *files, body="Pitkä selitys")
    assert (page.status_code, page.fields_in_error) == (422, ["files"])
    assert page.select("textarea[name=body]")[0].get_text().strip() == "Pitkä selitys"
    assert notes(reading) == []


def test_files_that_are_refused_are_named_with_everything_else(
    officer: Employee, asked: MadeRequest, reading: Transaction
) -> None:
    browser, _ = officer()
    page = write(browser, asked, "internal", b"MZ", body=" ")
    assert (page.status_code, sorted(page.fields_in_error)) == (422, ["body", "files"])
    assert len(page.error_summary) == 2
    assert notes(reading) == []


@pytest.mark.security(58)
def test_a_body_beyond_every_file_is_cut_off_and_strangers_send_no_large_one(
    officer: Employee, asked: MadeRequest, new_client: NewClient
) -> None:
    browser, _ = officer()
    path = address(asked, "correspondence/internal")
    kind = "multipart/form-data; boundary=x"
    allowed = LARGER_BODIES["admin.request_note"]
    assert browser.post(path, data=b"a" * (allowed + 1), content_type=kind).status_code == 413
    stranger = new_client()
    assert stranger.post(path, data=b"a" * 2_000_000, content_type=kind).status_code == 413


def test_an_empty_body_is_an_empty_form(officer: Employee, asked: MadeRequest, reading: Transaction) -> None:
    browser, _ = officer()
    path = address(asked, "correspondence/internal")
    # With the token in a header the body may hold nothing at all, which no browser sends.
    page = browser.post(path, headers={"X-CSRFToken": browser.csrf_token(path)})
    assert (page.status_code, page.fields_in_error) == (422, ["body"])
    assert notes(reading) == []


def test_nothing_is_attached_to_our_own_message(officer: Employee, asked: MadeRequest, reading: Transaction) -> None:
    browser, _ = officer()
    assert not browser.get(address(asked, "correspondence/to-customer")).select("input[type=file]")
    write(browser, asked, "to-customer", PDF_FILE)
    with reading():
        assert db.session.query(StoredFile).count() == 0
    assert browser.get(address(asked, "correspondence/stuff")).status_code == 404


@pytest.mark.security("R12")
def test_the_same_message_twenty_times_at_once_is_one(
    officer: Employee, asked: MadeRequest, reading: Transaction, new_client: NewClient
) -> None:
    browser, _ = officer()
    answers = press(browser, new_client, address(asked, "correspondence/to-customer"), body="Hei")
    assert [answer.status_code for answer in answers] == [303] * TIMES
    assert len(notes(reading)) == 1 and mails(reading, "request_note") == [OWNER]
