"""Customers with a value of their own everywhere, and a file of every kind."""

from datetime import UTC, datetime

import pytest

from tests.support.canaries import Flock, Planter
from tests.support.fixtures import Transaction


@pytest.fixture
def flocks(transaction: Transaction) -> tuple[Flock, Flock]:
    """A customer and a neighbour, with a value of their own in every personal column of every table."""
    with transaction(now=datetime.now(UTC)) as context:
        planter = Planter(context)
        return planter.plant(), planter.plant()


@pytest.fixture
def joined(transaction: Transaction) -> tuple[Flock, Flock, Flock]:
    """A customer, an earlier record joined to the account, and a neighbour who has joined one too."""
    with transaction(now=datetime.now(UTC)) as context:
        planter = Planter(context)
        own, neighbour = planter.plant(), planter.plant()
        return own, planter.plant(joined_to=own), planter.plant(joined_to=neighbour)
