"""Whether the database answers and has the schema this program was written for."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from portal.models.base import db
from portal.models.database import connection
from portal.rules.context import Context

log = logging.getLogger(__name__)
_VERSION = text("SELECT version_num FROM alembic_version")


class WrongSchema(RuntimeError):
    """The database has another schema than this program was written for. The message says what to run."""


def is_ready(context: Context) -> bool:
    """Whether the portal can serve."""
    try:
        found = connection().execute(_VERSION).scalars().all()
    except SQLAlchemyError as error:
        log.warning("database not ready", extra={"error": type(error).__name__})
        return False
    return found == [wanted_version(current_app.root_path)]


def refuse_wrong_schema() -> None:
    """Raise `WrongSchema` unless the database has the program's schema or does not answer (SECURITY R19)."""
    wanted = wanted_version(current_app.root_path)
    try:
        with db.engine.connect() as opened:
            known = inspect(opened).has_table("alembic_version")
            found = opened.execute(_VERSION).scalars().all() if known else []
    except OperationalError as error:
        log.warning("database not ready", extra={"error": type(error).__name__})
        return
    if found != [wanted]:
        raise WrongSchema(
            f"The database has the schema {', '.join(found) or 'none'}, this program needs {wanted}: "
            "run flask --app wsgi db upgrade."
        )


@cache
def wanted_version(root: str) -> str | None:
    """The newest migration of the program."""
    return ScriptDirectory(str(Path(root) / "migrations")).get_current_head()
