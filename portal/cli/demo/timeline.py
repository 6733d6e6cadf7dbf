"""How an order of the demo came to its status, step by step."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

Step = tuple[str, datetime]
# The states before each, the last one included, and the hours that lie between a state and the one before it.
ROADS: dict[str, tuple[str, ...]] = {
    "pending": ("pending",),
    "processing": ("pending", "processing"),
    "on_hold": ("pending", "processing", "on_hold"),
    "shipped": ("pending", "processing", "shipped"),
    "completed": ("pending", "processing", "shipped", "completed"),
    "cancelled": ("pending", "processing", "cancelled"),
    "refunded": ("pending", "processing", "shipped", "completed", "refunded"),
    "failed": ("pending", "failed"),
}
HOURS: dict[str, tuple[float, float]] = {
    "processing": (0.02, 0.4),
    "on_hold": (6, 30),
    "shipped": (18, 60),
    "completed": (24, 90),
    "cancelled": (2, 40),
    "refunded": (120, 320),
    "failed": (0.02, 0.3),
}


def usual_status(chance: Random, age: timedelta) -> str:
    """The status that an order of this age usually has."""
    if age < timedelta(days=1):
        return chance.choice(("pending", "processing", "processing"))
    if age < timedelta(days=4):
        return chance.choice(("processing", "processing", "shipped", "on_hold"))
    if age < timedelta(days=9):
        return chance.choice(("shipped", "shipped", "shipped", "on_hold"))
    if age < timedelta(days=25):
        return chance.choices(("completed", "cancelled", "failed"), (20, 1, 1))[0]
    return chance.choices(("completed", "cancelled", "refunded", "failed"), (88, 5, 4, 3))[0]


def steps(chance: Random, status: str, placed_at: datetime, now: datetime) -> list[Step]:
    """Every step to the status with its time. None lies after `now`."""
    moment = placed_at
    found = []
    for state in ROADS[status]:
        if state in HOURS:
            moment += timedelta(hours=chance.uniform(*HOURS[state]))
        found.append((state, min(moment, now)))
    return found
