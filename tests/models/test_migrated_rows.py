"""What single migrations do to the rows that are there (R19)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Executable, select, update

from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.rules.access_requests import State
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.accounts import recovery_codes
from portal.services.unit_of_work import unit_of_work
from tests.support import access_requests, builders


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
        downgrade(revision="0033")
        with unit_of_work(context):
            customer = recovery_codes.of_account(builders.account(context).id)
            employee = recovery_codes.of_staff(builders.staff(context).id)
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


def read_all(statement: Executable) -> set[tuple[Any, ...]]:
    with db.engine.connect() as connection:
        return {tuple(row) for row in connection.execute(statement)}
