"""What is read of an order of WooCommerce's REST API (version 3), and what each field may hold.

The classes of amounts hold what adds up to the order's total, so that an order with a wrong name is still added up and
everything wrong with it is told at once. What is not named here is not kept: the address and browser from which
somebody ordered, payment transactions, and whatever plug-ins add.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationInfo
from pydantic import field_validator as check_field

from portal.services.imports import woocommerce_fields as read
from portal.services.imports.values import BadValue
from portal.services.imports.woocommerce_fields import field

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
REASON = AliasChoices("reason", "refund")


def _status(value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue("kind_text")
    if value not in STATUSES:
        raise BadValue("status", known=", ".join(STATUSES))
    return value


Amount = Annotated[Decimal, field(read.amount)]
Whole = Annotated[int, field(read.whole)]
ZERO = Decimal(0)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class TaxShare(_Part):
    """What one tax rate takes of a line; empty where the rate does not apply to it."""

    id: Whole
    total: Annotated[Decimal | None, field(read.amount_or_none)] = None
    subtotal: Annotated[Decimal | None, field(read.amount_or_none)] = None


class ChargeAmounts(_Part):
    """Amounts of shipping or of a fee, without tax and the tax."""

    total: Amount
    total_tax: Amount = ZERO
    taxes: Annotated[tuple[TaxShare, ...], read.at_most(MAX_PARTS)] = ()


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

    currency: Annotated[str, field(read.currency)]
    discount_total: Amount
    discount_tax: Amount
    shipping_total: Amount
    shipping_tax: Amount
    cart_tax: Amount
    total: Amount
    total_tax: Amount
    line_items: Annotated[tuple[LineAmounts, ...], read.at_most(MAX_LINES)]
    shipping_lines: Annotated[tuple[ChargeAmounts, ...], read.at_most(MAX_PARTS)] = ()
    fee_lines: Annotated[tuple[ChargeAmounts, ...], read.at_most(MAX_PARTS)] = ()
    coupon_lines: Annotated[tuple[CouponAmounts, ...], read.at_most(MAX_PARTS)] = ()
    refunds: Annotated[tuple[RefundAmounts, ...], read.at_most(MAX_PARTS)] = ()


class LineItem(LineAmounts):
    """A product."""

    name: Annotated[str, read.text(300, required=True)]
    sku: Annotated[str, read.text(100, key=True)] = ""
    quantity: Annotated[int, field(read.quantity)]


class ShippingLine(ChargeAmounts):
    """A way of delivery."""

    method_title: Annotated[str, read.text(200)] = ""


class FeeLine(ChargeAmounts):
    """A fee; below zero it is a reduction."""

    name: Annotated[str, read.text(200)] = ""


class CouponLine(CouponAmounts):
    """A coupon."""

    code: Annotated[str, read.text(200)] = ""


class Refund(RefundAmounts):
    """A refund; the documentation of the API calls its reason by two names."""

    id: Whole
    reason: Annotated[str, read.text(300, multiline=True)] = Field(
        "", validation_alias=AliasChoices("reason", "refund")
    )


class TaxLine(_Part):
    """A tax rate of the order. A compound one is taken on top of others."""

    rate_id: Whole
    compound: Annotated[bool, field(read.truth)] = False
    rate_percent: Annotated[int | None, field(read.basis_points)] = None


class Address(_Part):
    """Where to send the goods."""

    first_name: Annotated[str, read.text(100)] = ""
    last_name: Annotated[str, read.text(100)] = ""
    company: Annotated[str, read.text(200)] = ""
    address_1: Annotated[str, read.text(200)] = ""
    address_2: Annotated[str, read.text(200)] = ""
    city: Annotated[str, read.text(100)] = ""
    state: Annotated[str, read.text(60)] = ""
    postcode: Annotated[str, read.text(20)] = ""
    country: Annotated[str | None, field(read.country)] = Field(None, validate_default=True)

    @check_field("country")
    @classmethod
    def _with_an_address(cls, country: str | None, info: ValidationInfo) -> str | None:
        named = ("first_name", "last_name", "company", "address_1", "address_2", "city", "postcode")
        if country is None and any(info.data.get(name) for name in named):
            raise read.error(BadValue("country_missing"))
        return country


class Billing(Address):
    """Who pays, and how to reach them."""

    email: Annotated[tuple[str, str] | None, field(read.email)] = None
    phone: Annotated[str, read.text(60)] = ""


class WooOrder(OrderAmounts):
    """One order. Its number is what the customer sees; without one it is WooCommerce's own."""

    id: Whole
    number: Annotated[str, field(read.number)] = ""
    status: Annotated[str, field(_status)]
    date_created_gmt: Annotated[str, field(read.utc)]
    date_paid_gmt: Annotated[str | None, field(read.utc_or_none)] = None
    date_completed_gmt: Annotated[str | None, field(read.utc_or_none)] = None
    customer_id: Whole = 0
    customer_note: Annotated[str, read.text(2_000, multiline=True)] = ""
    payment_method: Annotated[str, read.text(60)] = ""
    payment_method_title: Annotated[str, read.text(60)] = ""
    billing: Billing
    shipping: Address = Field(default_factory=lambda: Address.model_validate({}))
    line_items: Annotated[tuple[LineItem, ...], read.at_most(MAX_LINES)]
    shipping_lines: Annotated[tuple[ShippingLine, ...], read.at_most(MAX_PARTS)] = ()
    fee_lines: Annotated[tuple[FeeLine, ...], read.at_most(MAX_PARTS)] = ()
    coupon_lines: Annotated[tuple[CouponLine, ...], read.at_most(MAX_PARTS)] = ()
    refunds: Annotated[tuple[Refund, ...], read.at_most(MAX_PARTS)] = ()
    tax_lines: Annotated[tuple[TaxLine, ...], read.at_most(MAX_PARTS)] = ()
