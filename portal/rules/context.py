"""Who does something, when, and from where: the first argument of every service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.rules.register import Source

ActorKind = Literal["anonymous", "customer", "staff", "command", "job"]


@dataclass(frozen=True)
class Actor:
    """Who acts. `id` is the row number in the actor's own table (account or staff); commands and jobs have none."""

    kind: ActorKind
    id: int | None = None


@dataclass(frozen=True)
class Context:
    """`now` is read once per request, command or job; `request_id` ties log lines and audit events together."""

    actor: Actor
    now: datetime
    source: Source
    request_id: str


@dataclass(frozen=True)
class Visitor:
    """The browser behind a request: the address for the throttle, its coarse form and the device for the register."""

    address: str
    coarse_address: str
    device: str


ANONYMOUS = Actor("anonymous")
