"""The portal that is scanned: the demo's made-up customers, and beside them everybody of the matrices."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from config import Settings, Throttles
from portal import create_app
from portal.models.base import db
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.unit_of_work import unit_of_work
from tests.support.databases import SqliteDatabase
from tests.web.matrix.world import World, build

# A scanner sends more in a second than a person in a day. What the limits do is proven by their own tests.
GENEROUS = "1000000/300"
SECRETS = ("SECRET_KEY", "PASSWORD_PEPPER", "ENCRYPTION_KEYS", "TOKEN_KEYS", "AUDIT_KEY")


class Target:
    """An application of its own in a folder of its own, which can be put back to how it was when it was made."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.data, self.kept = folder / "data", folder / "kept"
        self.database = SqliteDatabase(folder)
        self.app = create_app(Settings.from_environment(self._environment(port)))
        said = self.app.test_cli_runner().invoke(args=["demo", "--no-serve", "--json"])
        if said.exit_code:
            raise RuntimeError(f"the demo did not start: {said.output}") from said.exception
        base_url = f"http://localhost:{port}"
        self.app.config["PORTAL_BASE_URL"] = base_url
        self.world: World = build(self.app, base_url, self._transaction)
        shutil.copytree(self.data, self.kept)
        self.database.remember()

    def put_back(self) -> None:
        """Database and files as they were. No request may be under way."""
        self.close()
        self.database.reset()
        shutil.rmtree(self.data)
        shutil.copytree(self.kept, self.data)

    def close(self) -> None:
        """Give the connections back."""
        with self.app.app_context():
            db.engine.dispose()

    def _environment(self, port: int) -> dict[str, str]:
        secrets = {f"PORTAL_{name}": hashlib.sha256(name.encode()).hexdigest() for name in SECRETS}
        throttles = {f"PORTAL_THROTTLE_{item.name.upper()}": GENEROUS for item in fields(Throttles)}
        return {
            **secrets,
            **throttles,
            "PORTAL_ENV": "testing",
            "PORTAL_DATA_DIR": str(self.data),
            "PORTAL_DATABASE_URL": self.database.url,
            # Beside the data folder, for an open file cannot be put back.
            "PORTAL_HUEY_URL": f"sqlite:///{self.folder / 'jobs.sqlite'}",
            "PORTAL_BASE_URL": f"http://localhost:{port}",
            "PORTAL_BCRYPT_COST": "4",
        }

    @contextmanager
    def _transaction(
        self, actor: Actor | None = None, *, now: datetime | None = None, source: Source = Source.CONTROLLER
    ) -> Iterator[Context]:
        context = Context(actor or Actor("command"), now or datetime.now(UTC), source, "scan")
        with self.app.app_context(), unit_of_work(context):
            yield context
