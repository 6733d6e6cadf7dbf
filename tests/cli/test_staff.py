"""`flask staff create` prints a link and never takes a password (SECURITY 28)."""

import pytest
from sqlalchemy import select

from portal.models.base import Base, db
from portal.models.database import connection
from portal.models.staff import Staff, StaffInvitation


def _run(app, *arguments):
    return app.test_cli_runner().invoke(args=["staff", "create", *arguments])


def test_it_prints_a_link_and_a_second_run_ends_the_first(app, database, settings, reading):
    first = _run(app, "kaisa@example.com", "--role", "administrator", "--name", "Kaisa Korhonen")
    assert first.exit_code == 0, first.output
    assert first.stdout.strip().startswith(f"{settings.base_url}/admin/invite/")
    second = _run(app, "Kaisa@Example.com", "--role", "administrator")
    assert second.stdout != first.stdout
    with reading() as context:
        assert db.session.query(Staff.name).one() == ("Kaisa Korhonen",)
        open_ones = db.session.query(StaffInvitation).filter(StaffInvitation.expires_at > context.now).count()
        assert open_ones == 1


@pytest.mark.security(28)
def test_no_account_comes_with_the_portal(database, reading):
    tables = [table for table in Base.metadata.sorted_tables if "password_hash" in table.c]
    assert {"account", "staff"} <= {table.name for table in tables}
    with reading():
        assert [table.name for table in tables if connection().execute(select(table).limit(1)).first()] == []


def test_it_refuses_what_makes_no_employee(app, database):
    assert _run(app, "kaisa@example.com", "--role", "king").exit_code == 2
    assert "e-mail" in _run(app, "kaisa", "--role", "auditor").output
    _run(app, "kaisa@example.com", "--role", "auditor")
    assert "another role: auditor" in _run(app, "kaisa@example.com", "--role", "administrator").output


def test_no_option_takes_a_password(app, database):
    helped = app.test_cli_runner().invoke(args=["staff", "create", "--help"]).output
    assert "--role" in helped and "--password" not in helped
