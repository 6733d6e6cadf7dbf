"""The states of an order and how their tags look. The words are ``order.status.<code>`` of ``texts/orders.py``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portal.rules.register import Source

Kind = Literal["ok", "info", "warn", "bad", "muted"]


@dataclass(frozen=True)
class OrderStatus:
    """One state: `kind` is the colour of its tag, `icon` a symbol of the sprite; `open` says that more will happen."""

    code: str
    kind: Kind
    icon: str
    open: bool = False

    @property
    def text_code(self) -> str:
        """The catalogue key of the state's word."""
        return f"order.status.{self.code}"


# In the order in which an order meets them; filters list them so.
STATUSES: dict[str, OrderStatus] = {
    status.code: status
    for status in (
        OrderStatus("pending", "warn", "credit-card", open=True),
        OrderStatus("on_hold", "warn", "hourglass-split", open=True),
        OrderStatus("processing", "info", "clock", open=True),
        OrderStatus("shipped", "info", "truck", open=True),
        OrderStatus("completed", "ok", "check-circle"),
        OrderStatus("cancelled", "bad", "x-circle"),
        OrderStatus("refunded", "muted", "arrow-return-left"),
        OrderStatus("failed", "bad", "exclamation-circle"),
    )
}
# What the customer can still settle by paying.
WAITING_FOR_PAYMENT = ("pending", "failed")
# The states into which the customer brings an order by placing and paying it.
_BY_THE_CUSTOMER = ("pending", "on_hold", "processing")
# The state with which an open order ends when nothing goes wrong.
GOAL = "completed"


def step_source(status: str) -> Source:
    """From where it is known that an order reached this state: with the order itself, or from who handles it."""
    return Source.ORDER if status in _BY_THE_CUSTOMER else Source.CONTROLLER
