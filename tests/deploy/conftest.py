"""Production hosts for the tests of this folder; without nginx they are skipped, or fail where it is required."""

from collections.abc import Iterator

import pytest

from tests.support.production import Production, nginx, prepared, production
from tests.support.requirement import is_available, skip_or_fail


@pytest.fixture(scope="session")
def _nginx() -> None:
    if not is_available("nginx"):
        skip_or_fail("nginx")


@pytest.fixture(scope="session")
def host(_nginx: None) -> Iterator[Production]:
    """The host that all tests share which leave it as it is."""
    with production() as served:
        yield served


@pytest.fixture
def proxy(_nginx: None) -> Iterator[Production]:
    """A host whose proxy serves; the test itself starts and stops the portal behind it."""
    with prepared() as made, nginx(made):
        yield made
