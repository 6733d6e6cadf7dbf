"""What is read of an order of WooCommerce's REST API (version 3), and what each field may hold.

The classes of amounts hold what adds up to the order's total, so that an order with a wrong name is still added up and
everything wrong with it is told at once. What is not named here is not kept: the address and browser from which
somebody ordered, payment transactions, and whatever plug-ins add.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationInfo
from pydantic import field_validator as check_field
from pydantic_core import PydanticCustomError

from portal.services.imports import values
from portal.services.imports.values import BadValue

# A draft was never placed: it is no order. What was thrown away counts as cancelled, where it is known.
DRAFTS = frozenset({"auto-draft", "checkout-draft", "draft"})
TRASH = "trash"
STATUSES = {
    "pending": "pending",
    "on-hold": "on_hold",
    "processing": "processing",
    "completed": "completed",
    "cancelled": "cancelled",
    "refunded": "refunded",
    "failed": "failed",
    TRASH: "cancelled",
}
MAX_LINES, MAX_PARTS = 5_000, 1_000
AMOUNT_DECIMALS = 8
MAX_WHOLE = 2**63 - 1
CODE = "import."


def _read(parse: Callable[[Any], Any]) -> PlainValidator:
    """A field that is read by `parse`, whose `BadValue` becomes an error of the field."""

    def validate(value: Any) -> Any:
        try:
            return parse(value)
        except BadValue as bad:
            raise _error(bad) from None

    return PlainValidator(validate)


def _error(bad: BadValue) -> PydanticCustomError:
    return PydanticCustomError(CODE + bad.reason.code, "a bad value", dict(bad.reason.params))


def _text(maximum: int, *, key: bool = False, multiline: bool = False, required: bool = False) -> PlainValidator:
    def parse(value: Any) -> str:
        if not isinstance(value, str | None):
            raise BadValue("kind_text")
        # WordPress keeps texts as HTML has them. A character reference is never longer than this.
        if len(value or "") > 40 * maximum:
            raise BadValue("too_long", maximum=maximum)
        checked = values.checked_text(html.unescape(value or ""), maximum, key=key, multiline=multiline)
        if required and not checked.strip():
            raise BadValue("empty")
        return checked

    return _read(parse)


def _amount(value: Any) -> Decimal:
    if not isinstance(value, str):
        raise BadValue("kind_amount")
    values.scaled(value, AMOUNT_DECIMALS)
    return Decimal(value)


def _amount_or_none(value: Any) -> Decimal | None:
    return None if value in ("", None) else _amount(value)


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MAX_WHOLE:
        raise BadValue("kind_whole")
    return value


def _number(value: Any) -> str:
    """The number that customers see: a text, or the row number where a plug-in leaves it a number."""
    if type(value) is int:
        return str(_whole(value))
    if not isinstance(value, str):
        raise BadValue("kind_text")
    checked = values.checked_text(value, 100, key=True)
    if not checked:
        raise BadValue("empty")
    return checked


def _quantity(value: Any) -> int:
    if type(value) is int or (isinstance(value, Decimal) and value.is_finite()):
        return values.quantity(format(value, "f") if isinstance(value, Decimal) else str(value))
    raise BadValue("kind_number")


def _basis_points(value: Any) -> int | None:
    """A rate of whole basis points; finer ones cannot be kept."""
    if value is None:
        return None
    if type(value) is not int and not isinstance(value, Decimal):
        raise BadValue("kind_number")
    hundredths = Decimal(value) * 100
    return int(hundredths) if 0 <= hundredths <= 10_000 and hundredths == int(hundredths) else None


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadValue("kind_truth")
    return value


def _status(value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue("kind_text")
    if value not in STATUSES:
        raise BadValue("status", known=", ".join(STATUSES))
    return value


def _currency(value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue("kind_text")
    return values.currency(value)


def _country(value: Any) -> str | None:
    if not isinstance(value, str | None):
        raise BadValue("kind_text")
    return values.country(value or "")


def _email(value: Any) -> tuple[str, str] | None:
    if not isinstance(value, str | None):
        raise BadValue("kind_text")
    return values.email(values.checked_text(value or "", 254))


def _utc(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 40:
        raise BadValue("utc")
    try:
        return values.moment(value if value.endswith("Z") else f"{value}Z")
    except BadValue as bad:
        raise BadValue("utc") if bad.reason.code == "moment_form" else bad from None


def _utc_or_none(value: Any) -> str | None:
    return None if value in ("", None) else _utc(value)


def _at_most(maximum: int) -> BeforeValidator:
    def check(value: Any) -> Any:
        if isinstance(value, list) and len(value) > maximum:
            raise _error(BadValue("too_many_items", maximum=maximum))
        return value

    return BeforeValidator(check)


Amount = Annotated[Decimal, _read(_amount)]
Whole = Annotated[int, _read(_whole)]
ZERO = Decimal(0)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class TaxShare(_Part):
    """What one tax rate takes of a line; empty where the rate does not apply to it."""

    id: Whole
    total: Annotated[Decimal | None, _read(_amount_or_none)] = None
    subtotal: Annotated[Decimal | None, _read(_amount_or_none)] = None


class ChargeAmounts(_Part):
    """Amounts of shipping or of a fee, without tax and the tax."""

    total: Amount
    total_tax: Amount = ZERO
    taxes: Annotated[tuple[TaxShare, ...], _at_most(MAX_PARTS)] = ()


class LineAmounts(ChargeAmounts):
    """Amounts of a product: `subtotal` is before discounts."""

    subtotal: Amount
    subtotal_tax: Amount = ZERO


class CouponAmounts(_Part):
    """What a coupon takes off."""

    discount: Amount
    discount_tax: Amount = ZERO


class RefundAmounts(_Part):
    """What was paid back, below zero."""

    total: Amount


class OrderAmounts(_Part):
    """Everything that has to add up."""

    currency: Annotated[str, _read(_currency)]
    discount_total: Amount
    discount_tax: Amount
    shipping_total: Amount
    shipping_tax: Amount
    cart_tax: Amount
    total: Amount
    total_tax: Amount
    line_items: Annotated[tuple[LineAmounts, ...], _at_most(MAX_LINES)]
    shipping_lines: Annotated[tuple[ChargeAmounts, ...], _at_most(MAX_PARTS)] = ()
    fee_lines: Annotated[tuple[ChargeAmounts, ...], _at_most(MAX_PARTS)] = ()
    coupon_lines: Annotated[tuple[CouponAmounts, ...], _at_most(MAX_PARTS)] = ()
    refunds: Annotated[tuple[RefundAmounts, ...], _at_most(MAX_PARTS)] = ()


class LineItem(LineAmounts):
    """A product."""

    name: Annotated[str, _text(300, required=True)]
    sku: Annotated[str, _text(100, key=True)] = ""
    quantity: Annotated[int, _read(_quantity)]


class ShippingLine(ChargeAmounts):
    """A way of delivery."""

    method_title: Annotated[str, _text(200)] = ""


class FeeLine(ChargeAmounts):
    """A fee; below zero it is a reduction."""

    name: Annotated[str, _text(200)] = ""


class CouponLine(CouponAmounts):
    """A coupon."""

    code: Annotated[str, _text(200)] = ""


class Refund(RefundAmounts):
    """A refund; the documentation of the API calls its reason by two names."""

    id: Whole
    reason: Annotated[str, _text(300, multiline=True)] = Field("", validation_alias=AliasChoices("reason", "refund"))


class TaxLine(_Part):
    """A tax rate of the order. A compound one is taken on top of others."""

    rate_id: Whole
    compound: Annotated[bool, _read(_truth)] = False
    rate_percent: Annotated[int | None, _read(_basis_points)] = None


class Address(_Part):
    """Where to send the goods."""

    first_name: Annotated[str, _text(100)] = ""
    last_name: Annotated[str, _text(100)] = ""
    company: Annotated[str, _text(200)] = ""
    address_1: Annotated[str, _text(200)] = ""
    address_2: Annotated[str, _text(200)] = ""
    city: Annotated[str, _text(100)] = ""
    state: Annotated[str, _text(60)] = ""
    postcode: Annotated[str, _text(20)] = ""
    country: Annotated[str | None, _read(_country)] = Field(None, validate_default=True)

    @check_field("country")
    @classmethod
    def _with_an_address(cls, country: str | None, info: ValidationInfo) -> str | None:
        named = ("first_name", "last_name", "company", "address_1", "address_2", "city", "postcode")
        if country is None and any(info.data.get(name) for name in named):
            raise _error(BadValue("country_missing"))
        return country


class Billing(Address):
    """Who pays, and how to reach them."""

    email: Annotated[tuple[str, str] | None, _read(_email)] = None
    phone: Annotated[str, _text(60)] = ""


class WooOrder(OrderAmounts):
    """One order. Its number is what the customer sees; without one it is WooCommerce's own."""

    id: Whole
    number: Annotated[str, _read(_number)] = ""
    status: Annotated[str, _read(_status)]
    date_created_gmt: Annotated[str, _read(_utc)]
    date_paid_gmt: Annotated[str | None, _read(_utc_or_none)] = None
    date_completed_gmt: Annotated[str | None, _read(_utc_or_none)] = None
    customer_id: Whole = 0
    customer_note: Annotated[str, _text(2_000, multiline=True)] = ""
    payment_method: Annotated[str, _text(60)] = ""
    payment_method_title: Annotated[str, _text(60)] = ""
    billing: Billing
    shipping: Address = Field(default_factory=lambda: Address.model_validate({}))
    line_items: Annotated[tuple[LineItem, ...], _at_most(MAX_LINES)]
    shipping_lines: Annotated[tuple[ShippingLine, ...], _at_most(MAX_PARTS)] = ()
    fee_lines: Annotated[tuple[FeeLine, ...], _at_most(MAX_PARTS)] = ()
    coupon_lines: Annotated[tuple[CouponLine, ...], _at_most(MAX_PARTS)] = ()
    refunds: Annotated[tuple[Refund, ...], _at_most(MAX_PARTS)] = ()
    tax_lines: Annotated[tuple[TaxLine, ...], _at_most(MAX_PARTS)] = ()
