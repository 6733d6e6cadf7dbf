"""What single migrations do to the rows that are there (R19)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Executable, select, update
from sqlalchemy.exc import DBAPIError

from portal.models.access_request import AccessRequest, AccessRequestNote
from portal.models.announcement import Announcement
from portal.models.base import db
from portal.models.message import Message
from portal.rules.access_requests import NoteKind, State
from portal.rules.clock import helsinki_date
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.accounts import recovery_codes
from portal.services.unit_of_work import unit_of_work
from tests.support import access_requests, builders
from tests.support.announcements import announcement


def context_of_now() -> Context:
    return Context(Actor("command"), datetime.now(UTC), Source.CONTROLLER, "test")


@pytest.mark.usefixtures("database")
def test_a_reminder_of_a_question_is_remembered_whichever_way_the_program_goes(empty: Flask) -> None:
    context, reminded = context_of_now(), datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    with empty.app_context():
        upgrade()
        with unit_of_work(context):
            employee = builders.staff(context, "privacy").id
            asked, other = (access_requests.ask(context, builders.account(context).customer_id) for _ in range(2))
            access_requests.lead_to(context, asked, employee, State.IDENTITY_CHECK)
            own = update(AccessRequest)
            db.session.execute(own.where(AccessRequest.id == asked.id).values(question_reminded_at=reminded))
            db.session.execute(own.where(AccessRequest.id == other.id).values(reminded_at=reminded))
        downgrade(revision="0026")
        columns = select(AccessRequest.id, AccessRequest.reminded_at)
        assert read_all(columns) == {(asked.id, reminded), (other.id, reminded)}
        upgrade()
        columns = select(AccessRequest.id, AccessRequest.question_reminded_at)
        assert read_all(columns) == {(asked.id, reminded), (other.id, None)}


@pytest.mark.security(26)
@pytest.mark.usefixtures("database")
def test_recovery_codes_from_before_no_longer_follow_from_what_is_stored_and_go_on(empty: Flask) -> None:
    context, codes = context_of_now(), {}
    with empty.app_context():
        upgrade()
        with unit_of_work(context):
            customer = recovery_codes.of_account(builders.account(context).id)
            employee = recovery_codes.of_staff(builders.staff(context).id)
        downgrade(revision="0037")
        with unit_of_work(context):
            for owner, name in ((customer, "4" * 32), (employee, "6" * 32)):
                codes[owner], _ = recovery_codes.make(context, owner, name)
        before = {owner: read_all(select(owner.table.batch)) for owner in codes}
        upgrade()
        for owner, shown in codes.items():
            after = read_all(select(owner.table.batch))
            assert len(after) == 1
            assert not after & before[owner]
            with unit_of_work(context):
                assert recovery_codes.use(context, owner, shown[0]) == 9


@pytest.mark.usefixtures("database")
def test_service_information_on_its_way_ends_where_the_program_knows_no_types(empty: Flask) -> None:
    context = context_of_now()
    with empty.app_context():
        upgrade()
        with unit_of_work(context):
            author, reader = builders.staff(context, "communications").id, builders.customer(context)
            names = {
                (kind, state): announcement(context, author, type=kind, state=state)
                for kind in ("service", "marketing")
                for state in ("draft", "sending", "sent")
            }
            for kind in ("service_announcement", "announcement"):
                for status in ("waiting", "sending", "failed", "sent", "obsolete"):
                    builders.message(context, reader, kind=kind, params={"announcement": 1}, status=status)
        downgrade(revision="0031")
        after = dict(read_all(select(Announcement.uuid, Announcement.state)))
        assert {place: after[name] for place, name in names.items()} == {
            place: "sent" if place == ("service", "sending") else place[1] for place in names
        }
        ended = select(Announcement.finished_at, Announcement.sent_at)
        (own,) = read_all(ended.where(Announcement.uuid == names["service", "sending"]))
        assert own[0] == own[1] is not None
        with db.engine.connect() as connection:
            left = connection.execute(select(Message.kind, Message.status, Message.next_attempt_at)).all()
        states = ["failed", *["obsolete"] * 5, "sending", "sent", "sent", "waiting"]
        assert sorted((row.kind, row.status) for row in left) == [("announcement", state) for state in states]
        assert all(row.next_attempt_at is None for row in left if row.status == "obsolete")
        upgrade()
        assert read_all(select(Announcement.type)) == {("marketing",)}


@pytest.mark.usefixtures("database")
def test_what_is_known_of_a_received_message_goes_and_the_message_stays(empty: Flask) -> None:
    context = context_of_now()
    with empty.app_context():
        upgrade()
        with unit_of_work(context):
            asked = access_requests.ask(context, builders.account(context).customer_id)
            written = {"request_id": asked.id, "written_at": context.now, "staff_id": builders.staff(context).id}
            came = {"channel": "letter", "received_on": helsinki_date(context.now), "before_question": True}
            for kind, arrival in ((NoteKind.FROM_CUSTOMER, came), (NoteKind.INTERNAL, {})):
                db.session.add(AccessRequestNote(kind=kind.value, body=f"Sanat: {kind}", **written, **arrival))
        words = select(AccessRequestNote.kind, AccessRequestNote.body)
        before = read_all(words)
        downgrade(revision="0033")
        assert read_all(words) == before and len(before) == 2
        upgrade()
        assert read_all(words) == before
        known = select(AccessRequestNote.channel, AccessRequestNote.received_on, AccessRequestNote.before_question)
        assert read_all(known) == {(None, None, False)}


@pytest.mark.usefixtures("database")
def test_a_question_whose_time_was_extended_stays_open_whichever_way_the_program_goes(empty: Flask) -> None:
    context = context_of_now()
    with empty.app_context():
        upgrade()
        with unit_of_work(context):
            asked = access_requests.ask(context, builders.account(context).customer_id)
            access_requests.lead_to(context, asked, builders.staff(context, "privacy").id, State.IDENTITY_CHECK)
            own = update(AccessRequest).where(AccessRequest.id == asked.id)
            longer = {"extended_at": context.now, "due_on": AccessRequest.received_on}
            db.session.execute(own.values(**longer))
        days = select(AccessRequest.state, AccessRequest.extended_at, AccessRequest.due_on)
        before = read_all(days)
        assert [row[:2] for row in before] == [("identity_check", context.now)]
        downgrade(revision="0036")
        assert read_all(days) == before
        with pytest.raises(DBAPIError), unit_of_work(context):
            db.session.execute(own.values(state="extended"))
        upgrade()
        assert read_all(days) == before
        with pytest.raises(DBAPIError), unit_of_work(context):
            db.session.execute(own.values(state="in_progress"))
        with unit_of_work(context):
            db.session.execute(own.values(state="extended"))


def read_all(statement: Executable) -> set[tuple[Any, ...]]:
    with db.engine.connect() as connection:
        return {tuple(row) for row in connection.execute(statement)}
