"""Whether the database answers and has the schema this program was written for."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.models.database import connection
from portal.rules.context import Context

log = logging.getLogger(__name__)


def is_ready(context: Context) -> bool:
    """Whether the portal can serve."""
    try:
        found = connection().execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    except SQLAlchemyError as error:
        log.warning("database not ready", extra={"error": type(error).__name__})
        return False
    return found == [wanted_version(current_app.root_path)]


@cache
def wanted_version(root: str) -> str | None:
    """The newest migration of the program."""
    return ScriptDirectory(str(Path(root) / "migrations")).get_current_head()
