"""The files in a copy: letters and attachments, without what nobody has reviewed or an employee has left out."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask

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
    # The one that is not contained is named all the same, with the reason.
    (unreviewed,) = [item for item in archive.data["withheld"] if item["reason"] == "unreviewed"]
    assert unreviewed["part"] == "Files attached to notes between our employees"
    assert "Ask for your data in writing" in archive.members["index.html"].decode()
    assert {"from_customer.exe", "internal.exe"} <= {row["name"] for row in table["rows"]}
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
