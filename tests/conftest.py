"""How a run is set up: which database, what is left out, and what no test may do unnoticed.

``PORTAL_TEST_DATABASE`` chooses the database of the run: ``sqlite`` (the default) or ``postgres``. The second run
keeps only the tests that use a database and no browser; everything else was proven by the first.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager

import hypothesis
import pytest

from tests.support.guards import error_log, only_loopback
from tests.support.postgres import cluster
from tests.support.requirement import INSTALL, is_available

# No deadline: on a busy machine one slow example is no fault of the property, and what must be fast has a benchmark.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")

pytest_plugins = ["tests.support.fixtures", "tests.support.browser"]

CLUSTER_URL = "PORTAL_TEST_POSTGRES_URL"
_running_cluster: list[AbstractContextManager[str]] = []


def database_kind() -> str:
    """The database of this run."""
    return os.environ.get("PORTAL_TEST_DATABASE") or "sqlite"


def pytest_configure(config: pytest.Config) -> None:
    """Starts PostgreSQL once per run, in the process that hands out the work."""
    if database_kind() not in ("sqlite", "postgres"):
        raise pytest.UsageError("PORTAL_TEST_DATABASE is sqlite or postgres.")
    is_worker = hasattr(config, "workerinput")
    if database_kind() == "postgres" and not is_worker and not config.option.collectonly:
        if not is_available("postgres"):
            raise pytest.UsageError(INSTALL["postgres"])
        running = cluster()
        os.environ[CLUSTER_URL] = running.__enter__()
        _running_cluster.append(running)


def pytest_unconfigure() -> None:
    """Stops what `pytest_configure` started."""
    while _running_cluster:
        _running_cluster.pop().__exit__(None, None, None)
        del os.environ[CLUSTER_URL]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what this run's database has no say in."""
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        (kept if _belongs(item) else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


def _belongs(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    if "browser" in fixtures:
        item.add_marker("browser")
    if database_kind() == "sqlite":
        return item.get_closest_marker("postgres") is None
    only_once = item.get_closest_marker("browser") or item.get_closest_marker("sqlite")
    return not only_once and ("database" in fixtures or item.get_closest_marker("postgres") is not None)


@pytest.fixture(autouse=True, scope="session")
def _no_outside_world() -> Iterator[None]:
    with only_loopback():
        yield


@pytest.fixture(autouse=True)
def _no_logged_errors(request: pytest.FixtureRequest) -> Iterator[None]:
    with error_log("portal") as errors:
        yield
    if errors.lines and request.node.get_closest_marker("expects_log_errors") is None:
        pytest.fail("errors were logged:\n  " + "\n  ".join(errors.lines), pytrace=False)
