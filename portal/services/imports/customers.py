"""Whose order it is: customers found, made where nobody is known, and completed where something was missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from portal.models.customer import Customer, CustomerKey
from portal.rules.context import Context
from portal.rules.register import Source
from portal.services.imports.bulk import Bulk
from portal.services.imports.details import DETAIL_FIELDS, EMAIL, details_of
from portal.services.imports.known_customers import ByEmail, Known, KnownCustomers
from portal.services.imports.problems import BadCell, Reason
from portal.services.imports.received import Received
from portal.services.register import customer_search_index

_CUSTOMER_COLUMNS = ("id", "uuid", *DETAIL_FIELDS, "source", "created_at", "version")
_KEY_COLUMNS = ("shop_id", "external_key", "customer_id")


class Conflicts(Protocol):
    """How the format of the file names an order and its customer's address."""

    by_order: bool
    email_field: str


class Customers:
    """Resolves the customers of one import, a batch of new orders at a time."""

    def __init__(self, context: Context, bulk: Bulk, shop_id: int, told: Conflicts) -> None:
        self._context = context
        self._bulk = bulk
        self._shop_id = shop_id
        self._told = told
        self._known = KnownCustomers(shop_id)
        self._now = bulk.moment(context.now)
        self._new: int | None = None
        self.made = 0

    def is_new(self, customer_id: int) -> bool:
        """Whether this import may have made the customer: row numbers only grow."""
        return self._new is not None and customer_id >= self._new

    def resolve(self, orders: Sequence[Received]) -> tuple[list[int | None], list[BadCell]]:
        """The customer of each order; those who were unknown are written. None where number and e-mail disagree."""
        numbers = {order[3][0] for order in orders if order[3][0]}
        identities = {order[3][1] for order in orders if order[3][1]}
        known = self._known.find(numbers, identities)
        batch = _Batch(known, self._told, self._bulk.take_ids(Customer, _most_unknown(orders, known)))
        resolved = [batch.resolve(order) for order in orders]
        self._write(batch)
        return resolved, batch.problems

    def _write(self, batch: _Batch) -> None:
        people = [
            (customer_id, self._bulk.random_uuid(), *details_of(order), Source.ORDER.value, self._now, 1)
            for customer_id, order in batch.new_customers
        ]
        self._bulk.insert(Customer, _CUSTOMER_COLUMNS, people)
        if people and self._new is None:
            self._new = batch.new_customers[0][0]
        keys = [(self._shop_id, number, customer_id) for number, customer_id in batch.new_keys]
        self._bulk.insert(CustomerKey, _KEY_COLUMNS, keys)
        touched = {customer_id for customer_id, _ in batch.new_customers} | {owner for _, owner in batch.new_keys}
        customer_search_index.refresh(self._context, sorted(touched))
        self.made += len(people)


class _Batch:
    """The customers of one batch as they become known, order by order."""

    def __init__(self, known: Known, told: Conflicts, free_ids: list[int]) -> None:
        self._known = known
        self._told = told
        self._free_ids = iter(free_ids)
        self.new_customers: list[tuple[int, Received]] = []
        self.new_keys: list[tuple[str, int]] = []
        self.problems: list[BadCell] = []

    def resolve(self, order: Received) -> int | None:
        """The order's customer, a new one if need be; None after noting a conflict."""
        number, identity = order[3][0], order[3][1]
        by_number = self._known.by_number.get(number) if number else None
        by_email = self._known.by_email.get(identity) if identity else None
        owners = by_email.reachable if by_email else frozenset()
        if by_number is not None:
            if owners and by_email and by_number not in by_email.everyone:
                self._conflict(order, Reason.of("two_customers"))
                return None
            customer = by_number
        elif owners:
            customer = min(owners)
            if number and customer in self._known.numbered:
                self._conflict(order, Reason.of("another_number"))
                return None
        else:
            customer = self._make(order)
        if number and by_number is None:
            self._known.by_number[number] = customer
            self._known.numbered.add(customer)
            self.new_keys.append((number, customer))
        return customer

    def _make(self, order: Received) -> int:
        made = next(self._free_ids)
        self.new_customers.append((made, order))
        identity = order[3][1]
        if identity:
            everyone = self._known.by_email.get(identity, ByEmail(frozenset(), frozenset())).everyone
            self._known.by_email[identity] = ByEmail(everyone | {made}, frozenset({made}))
        return made

    def _conflict(self, order: Received, reason: Reason) -> None:
        value = f"{order[3][0]}, {order[4][EMAIL] or ''}"
        on_line = not self._told.by_order
        self.problems.append(BadCell.of(order[0], self._told.email_field, value, reason, order[1], on_line=on_line))


def _most_unknown(orders: Sequence[Received], known: Known) -> int:
    """How many customers a batch can make at most."""
    return sum(1 for order in orders if order[3][0] not in known.by_number)
