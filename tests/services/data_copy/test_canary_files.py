"""The measure of the files in a copy: the bytes of every file of the one customer, and none of the neighbour's."""

from collections.abc import Iterator

from flask import Flask
from sqlalchemy import select

from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.rules.access_requests import NoteKind
from tests.support import copies
from tests.support.canaries import Flock
from tests.support.copies import Archive
from tests.support.fixtures import Transaction

# What nobody has reviewed, and the copies themselves, are in no copy by self-service.
NOT_HANDED_OUT = {"internal", "data_copy"}


def file_problems(archive: Archive, flock: Flock, *, without: set[str]) -> Iterator[str]:
    """Files of the customer whose bytes are not in the copy, and bytes that must not be there."""
    contained = [content for name, content in archive.members.items() if name.startswith("files/")]
    for what, content in flock.files.items():
        if what in without:
            if any(content in member for member in archive.members.values()):
                yield f"the bytes of {what} are in the copy, where services/data_copy/files.py must leave them out"
        elif contained.count(content) != 1:
            yield f"the bytes of {what} are not in the copy: see that services/data_copy/files.py finds the file"


def test_every_file_of_the_one_and_none_of_the_other(
    app: Flask, transaction: Transaction, joined: tuple[Flock, Flock, Flock]
) -> None:
    own, earlier, foreign_earlier = joined
    archive = copies.make(app, transaction, own.customer_id, "fi")
    problems = [*file_problems(archive, own, without=NOT_HANDED_OUT)]
    problems += file_problems(archive, earlier, without=NOT_HANDED_OUT)
    problems += file_problems(archive, foreign_earlier, without=set(foreign_earlier.files))
    assert set(own.files) == {"letter", *NoteKind, "data_copy"}
    assert not problems, "\n".join(problems)


def test_the_answer_to_a_request_holds_the_reviewed_files_too(
    app: Flask, transaction: Transaction, flocks: tuple[Flock, Flock]
) -> None:
    own, neighbour = flocks
    with transaction():
        request_id = db.session.execute(
            select(AccessRequest.id).where(AccessRequest.customer_id == own.customer_id)
        ).scalar_one()
    archive = copies.answer(app, transaction, own.customer_id, request_id, {}, "fi")
    problems = [*file_problems(archive, own, without={"data_copy"})]
    problems += file_problems(archive, neighbour, without=set(neighbour.files))
    assert not problems, "\n".join(problems)


def test_a_forgotten_or_foreign_file_is_noticed(
    app: Flask, transaction: Transaction, flocks: tuple[Flock, Flock]
) -> None:
    own, neighbour = flocks
    archive = copies.make(app, transaction, own.customer_id, "fi")
    (path,) = [name for name, content in archive.members.items() if content == own.files["letter"]]
    archive.members[path] = neighbour.files["letter"]
    assert [problem.split()[3] for problem in file_problems(archive, own, without=NOT_HANDED_OUT)] == ["letter"]
    assert [problem.split()[3] for problem in file_problems(archive, neighbour, without=set(neighbour.files))] == [
        "letter"
    ]
