"""One order in full, as the pages of customers and employees show it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.rules.formats import format_datetime, format_money, format_unit_price
from portal.rules.order_status import GOAL, STATUSES
from portal.rules.texts import TEXTS, text
from portal.services.orders.orders import OrderDetail
from portal.web.language import current_locale
from portal.web.order_rows import shown_status


def shown_order(found: OrderDetail) -> dict[str, Any]:
    """What a template needs: found, order, state, steps, sums, prices of the lines, and the payment."""
    return {
        "found": found,
        "order": found.order,
        "state": shown_status(found.order.status),
        "steps": _steps(found),
        "sums": _sums(found),
        "prices": [format_unit_price(line.unit_price, found.order.currency, current_locale()) for line in found.lines],
        "payment": _payment(found.order.payment_method),
    }


def _steps(found: OrderDetail) -> list[dict[str, Any]]:
    """The timeline: when the order was placed, what happened to it, and the end that an open order goes towards."""
    locale = current_locale()
    is_open = STATUSES[found.order.status].open
    steps = [_step("done", text("order.placed", locale), found.order.placed_at)]
    for event in found.events:
        # Many shops tell a state with the order's own time: that is when it was placed, not when the state began.
        when = None if event.occurred_at == found.order.placed_at else event.occurred_at
        steps.append(_step("done", text(STATUSES[event.status].text_code, locale), when))
    if is_open:
        steps[-1]["state"] = "current"
        steps.append({"state": "upcoming", "title": text(STATUSES[GOAL].text_code, locale)})
    return steps


def _step(state: str, title: str, when: datetime | None) -> dict[str, Any]:
    return {"state": state, "title": title, "when": format_datetime(when, current_locale()) if when else None}


def _sums(found: OrderDetail) -> list[dict[str, Any]]:
    """The sums at the foot, as the shop gave them; what it added beyond its own parts is shown as what it is."""
    order, locale = found.order, current_locale()
    rows = [(text("order.sum.goods", locale), found.goods)] if found.charges or found.rounding else []
    rows += [(_charge(charge.kind, charge.label), charge.gross) for charge in found.charges]
    if found.rounding:
        rows.append((text("order.sum.rounding", locale), found.rounding))
    if order.net is not None and order.vat is not None:
        rows += [(text("order.sum.net", locale), order.net), (text("order.sum.vat", locale), order.vat)]
    return [_sum(order, label, amount) for label, amount in rows] + _ends(found)


def _ends(found: OrderDetail) -> list[dict[str, Any]]:
    """The total, and below it what was paid back of it and what is left."""
    order, locale = found.order, current_locale()
    total = _sum(order, text("order.sum.gross", locale), order.gross, strong=True)
    if not found.refunds:
        return [total]
    word = text("order.refund", locale)
    refunds = [
        _sum(order, f"{word}: {refund.reason}" if refund.reason else word, refund.gross) for refund in found.refunds
    ]
    left = order.gross + sum(refund.gross for refund in found.refunds)
    return [total, *refunds, _sum(order, text("order.sum.left", locale), left, strong=True)]


def _sum(order: Any, label: str, amount: int, *, strong: bool = False) -> dict[str, Any]:
    return {"label": label, "amount": format_money(amount, order.currency, current_locale()), "strong": strong}


def _charge(kind: str, label: str | None) -> str:
    word = text(f"order.charge.{kind}", current_locale())
    return f"{word}: {label}" if label else word


def _payment(method: str | None) -> str | None:
    """The way of paying in the reader's language where it is a known one, else as the shop calls it."""
    code = f"order.payment.{method}"
    return text(code, current_locale()) if code in TEXTS else method
