"""Where an employee is written to, and in which language: the one of the pages the employee last logged in on."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.mail.recipients import Employee
from portal.models.base import db
from portal.models.database import connection
from portal.models.staff import Staff
from portal.rules.context import Context
from portal.rules.texts import DEFAULT_LOCALE


def recipient(context: Context, staff_id: int) -> Employee:
    """Where mail to an employee goes."""
    row = connection().execute(select(Staff.email, Staff.language).where(Staff.id == staff_id)).one()
    return Employee(staff_id, row.email, row.language or DEFAULT_LOCALE)


def keep_language(context: Context, staff_id: int, language: str) -> None:
    """Keep the language of the pages. Called when both factors were given: whoever has the password alone does not
    choose in which language its owner is warned."""
    db.session.execute(update(Staff).where(Staff.id == staff_id).values(language=language))
