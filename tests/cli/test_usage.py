"""`usage pages`: how many customers use a page, and nothing about the few."""

from datetime import timedelta

from flask import Flask

from tests.support import builders
from tests.support.fixtures import Transaction


def test_pages_are_counted_over_customers_and_few_are_not_told(app: Flask, transaction: Transaction) -> None:
    with transaction() as context:
        customers = [builders.customer(context) for _ in range(6)]
        for number, customer in enumerate(customers):
            builders.page_view(context, customer, "orders.history")
            builders.page_view(context, customer, "orders.history")
            if number < 5:
                builders.page_view(context, customer, "account.overview")
            if number < 4:
                for _ in range(9):
                    builders.page_view(context, customer, "orders.detail")
            builders.page_view(context, customer, "privacy.overview", viewed_at=context.now - timedelta(days=8))
    result = app.test_cli_runner().invoke(args=["usage", "pages", "--days", "7"])
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "orders.history: 6 customers, 12 views",
        "account.overview: 5 customers, 5 views",
        "orders.detail: fewer than 5 customers",
    ]
    assert app.test_cli_runner().invoke(args=["usage", "pages", "--days", "93"]).exit_code == 2
