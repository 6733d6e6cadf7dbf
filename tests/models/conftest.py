"""What the tests of migrations share: a database of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from config import Settings
from portal import create_app
from portal.models.base import db


@pytest.fixture
def empty(settings: Settings, opened_database: object, tmp_path: Path) -> Iterator[Flask]:
    """An application with a database of its own that nothing was migrated into."""
    with own_database(settings, tmp_path) as url:
        made = create_app(replace(settings, database_url=url, data_dir=tmp_path))
        yield made
        with made.app_context():
            db.engine.dispose()


@contextmanager
def own_database(settings: Settings, folder: Path) -> Iterator[str]:
    if settings.database_url.startswith("sqlite"):
        yield f"sqlite:///{folder / 'own.sqlite'}"
        return
    url = make_url(settings.database_url)
    maintenance = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    name = f"own_{url.database}"
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield url.set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
