"""Texts of orders: their states, charges and payment, and the joining of earlier orders."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "order.status.pending": N_("Waiting for payment"),
    "order.status.on_hold": N_("On hold"),
    "order.status.processing": N_("In progress"),
    "order.status.shipped": N_("Shipped"),
    "order.status.completed": N_("Delivered"),
    "order.status.cancelled": N_("Order cancelled"),
    "order.status.refunded": N_("Payment refunded"),
    "order.status.failed": N_("Payment failed"),
    "order.placed": N_("Order placed"),
    "order.charge.shipping": N_("Shipping"),
    "order.charge.fee": N_("Fee"),
    "order.charge.discount": N_("Discount"),
    "order.refund": N_("Refund"),
    "order.sum.goods": N_("Products"),
    "order.sum.rounding": N_("Rounding and other adjustments"),
    "order.sum.net": N_("Total without VAT"),
    "order.sum.vat": N_("VAT"),
    "order.sum.gross": N_("Total"),
    "order.sum.left": N_("Total after refunds"),
    "order.payment.invoice": N_("Invoice"),
    "order.payment.card": N_("Card"),
    "order.payment.bank": N_("Online bank"),
    "order.payment.bacs": N_("Bank transfer"),
    "order.payment.cod": N_("Cash on delivery"),
    "order.payment.cash": N_("Cash"),
    "order.payment.mobilepay": N_("MobilePay"),
    "order.claim.refused": N_(
        "We could not connect an order with this number. Check the number in the order confirmation. "
        "The order must have been made with the same e-mail address that you log in with."
    ),
    "order.claim.own": N_("This order is already in your account."),
    "order.claim.joined": N_("Your earlier orders are now in your account."),
}
