"""The files in a copy: letters and attachments, without what nobody has reviewed or an employee has left out."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import insert, update

from portal.models.access_request import AccessRequestCheck, AccessRequestNote
from portal.models.base import db
from portal.rules.access_requests import LetterKind, NoteKind, State
from portal.rules.context import Context
from tests.support import access_requests, builders, copies
from tests.support.access_requests import MadeRequest
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        builders.staff(context, "privacy")
        return builders.account(context)


def test_letters_and_attachments_are_in_it_but_those_that_nobody_has_reviewed(
    app: Flask, transaction: Transaction, owner: MadeAccount
) -> None:
    with transaction() as context:
        request = access_requests.ask(context, owner.customer_id)
        access_requests.write_letter(context, request, LetterKind.ANSWER, 1)
        for kind in (NoteKind.FROM_CUSTOMER, NoteKind.INTERNAL):
            attach(context, request, kind, f"liite {kind}".encode())
    archive = copies.make(app, transaction, owner.customer_id, "en")
    contained = {name: content for name, content in archive.members.items() if name.startswith("files/")}
    assert contained == {"files/0001.pdf": b"%PDF-1.7 a letter", "files/0002.bin": b"liite from_customer"}
    (table,) = [table for table in archive.data["tables"] if table["name"] == "stored_file"]
    assert [item["path"] for item in table["files"]] == list(contained)
    # The one that is not contained is told of all the same, with the reason, but not by its name.
    unreviewed = {item["part"] for item in archive.data["withheld"] if item["reason"] == "unreviewed"}
    assert unreviewed == {"Files attached to notes between our employees", "Notes between our employees"}
    assert "Ask for your data in writing" in archive.members["index.html"].decode()
    assert {row.get("name") for row in table["rows"]} >= {"from_customer.exe", None}
    assert not [name for name, content in archive.members.items() if b"internal.exe" in content]
    index = BeautifulSoup(archive.members["index.html"], "html5lib")
    assert [str(link["href"]) for link in index.select("a[href^='files/']")] == list(contained)


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        ("requests.access_request_note", [b"%PDF-1.7 a letter"]),
        ("requests.access_request_letter", [b"liite from_customer"]),
        ("requests.stored_file", []),
    ],
)
def test_the_files_of_what_is_left_out_are_left_out(
    app: Flask, transaction: Transaction, owner: MadeAccount, part: str, kept: list[bytes]
) -> None:
    with transaction() as context:
        request = access_requests.ask(context, owner.customer_id)
        access_requests.write_letter(context, request, LetterKind.ANSWER, 1)
        attach(context, request, NoteKind.FROM_CUSTOMER, b"liite from_customer")
    archive = copies.answer(app, transaction, owner.customer_id, request.id, {part: "other_persons"}, "en")
    assert [content for name, content in archive.members.items() if name.startswith("files/")] == kept
    page = BeautifulSoup(archive.members["index.html"], "html5lib").get_text(" ")
    assert "Some of what you asked for is left out." in page and "This is everything" not in page


def test_the_answer_in_writing_holds_what_an_employee_has_reviewed(
    app: Flask, transaction: Transaction, owner: MadeAccount
) -> None:
    with transaction() as context:
        request = access_requests.ask(context, owner.customer_id)
        attach(context, request, NoteKind.INTERNAL, b"liite internal")
    archive = copies.answer(app, transaction, owner.customer_id, request.id, {}, "en")
    assert [content for name, content in archive.members.items() if name.startswith("files/")] == [b"liite internal"]
    assert not [item for item in archive.data["withheld"] if item["reason"] == "unreviewed"]
    assert "internal.exe" in {row["name"] for row in archive.rows("stored_file")}


def test_the_words_of_a_note_between_employees_are_given_by_those_alone_who_review(
    app: Flask, transaction: Transaction, owner: MadeAccount
) -> None:
    told = "The neighbour Veikko told us."
    with transaction() as context:
        request = access_requests.ask(context, owner.customer_id)
        for kind, body in ((NoteKind.INTERNAL, told), (NoteKind.FROM_CUSTOMER, "My own words.")):
            values = {"request_id": request.id, "kind": kind.value, "body": body, "written_at": context.now}
            db.session.execute(insert(AccessRequestNote).values(**values))
    by_self_service = copies.make(app, transaction, owner.customer_id, "en")
    assert not [name for name, content in by_self_service.members.items() if told.encode() in content]
    notes = {row["kind"]: row.get("body") for row in by_self_service.rows("access_request_note")}
    assert notes == {"internal": None, "from_customer": "My own words."}
    (named,) = [item for item in by_self_service.data["withheld"] if item["reason"] == "unreviewed"]
    assert (named["column"], named["part"]) == ("body", "Notes between our employees")
    assert "Ask for your data in writing" in by_self_service.members["index.html"].decode()
    answer = copies.answer(app, transaction, owner.customer_id, request.id, {}, "en")
    assert {"data.json", "index.html", "csv/access_request_note.csv"} <= {
        name for name, content in answer.members.items() if told.encode() in content
    }


def test_what_employees_wrote_about_their_work_on_a_request_is_reviewed_before_it_is_given(
    app: Flask, transaction: Transaction, owner: MadeAccount
) -> None:
    told, late = "The neighbour Veikko has the receipt.", "Kirje oli kadoksissa."
    with transaction(now=datetime.now(UTC) - timedelta(days=15)) as context:
        request = access_requests.ask(context, owner.customer_id)
    with transaction() as context:
        employee = builders.staff(context, "privacy").id
        access_requests.lead_to(context, request, employee, State.IDENTITY_CHECK, reason="Who asks?")
        access_requests.attest(context, request, employee)
        own = (AccessRequestCheck.request_id == request.id, AccessRequestCheck.source == "till")
        db.session.execute(update(AccessRequestCheck).where(*own).values(found=True, note=told))
    by_self_service = copies.make(app, transaction, owner.customer_id, "en")
    for words in (told, late):
        assert not [name for name, content in by_self_service.members.items() if words.encode() in content]
    named = {item["part"] for item in by_self_service.data["withheld"] if item["reason"] == "unreviewed"}
    assert named == {
        "Searches outside the system: What was found there",
        "Steps of access requests: Why we asked about your identity late",
    }
    # What was sent to the customer is theirs.
    assert "Who asks?" in {row.get("reason") for row in by_self_service.rows("access_request_event")}
    answer = copies.answer(app, transaction, owner.customer_id, request.id, {}, "en")
    for words in (told, late):
        assert [name for name, content in answer.members.items() if words.encode() in content]


@pytest.mark.parametrize("then", [State.PARTLY_ANSWERED, State.ANSWERED])
def test_what_an_answer_in_part_left_out_self_service_leaves_out_until_everything_was_given(
    app: Flask, transaction: Transaction, owner: MadeAccount, then: State
) -> None:
    part = "requests.access_request_note"
    with transaction() as context:
        employee = builders.staff(context, "privacy").id
        request = access_requests.ask(context, owner.customer_id)
        attach(context, request, NoteKind.FROM_CUSTOMER, b"liite from_customer")
    copies.answer(app, transaction, owner.customer_id, request.id, {part: "other_persons"}, "en")
    with transaction() as context:
        access_requests.lead_to(context, request, employee, State.IN_PROGRESS, State.PARTLY_ANSWERED)
    if then is State.ANSWERED:
        with transaction() as context:
            again = access_requests.ask(context, owner.customer_id)
            access_requests.lead_to(context, again, employee, State.IN_PROGRESS, State.ANSWERED)
    archive = copies.make(app, transaction, owner.customer_id, "en")
    named = {item["reason"] for item in archive.data["withheld"] if item["table"] == "access_request_note"}
    held = {table["name"] for table in archive.data["tables"]}
    files = [content for name, content in archive.members.items() if name.startswith("files/")]
    if then is State.ANSWERED:
        assert not named and "access_request_note" in held and b"liite from_customer" in files
    else:
        assert named == {"other_persons"} and "access_request_note" not in held and b"liite from_customer" not in files


def attach(context: Context, request: MadeRequest, kind: NoteKind, content: bytes) -> None:
    """A note with a file that a person has named."""
    access_requests.attach(context, request, kind, content, name=f"{kind}.exe", media_type="application/x-msdownload")
