"""Who is in the register already: by a shop's customer numbers, and by e-mail identities (decision 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from portal.models.account import Account
from portal.models.customer import Customer, CustomerKey
from portal.models.database import connection
from portal.services.foundation.many_keys import among, listed


class ByEmail(NamedTuple):
    """The customers of one e-mail identity: all of them, and those whom it may stand for.

    It never stands for the owner of an account: who has the mailbox now may not be who ordered then, so the owner
    joins such orders with an order number.
    """

    everyone: frozenset[int]
    reachable: frozenset[int]


class Known(NamedTuple):
    """Customers of a batch's numbers and identities. `numbered` are those whom this shop calls by some number."""

    by_number: dict[str, int]
    by_email: dict[str, ByEmail]
    numbered: set[int]


class KnownCustomers:
    """Looks up a batch at a time. A merged customer stands for the one who took over."""

    def __init__(self, shop_id: int) -> None:
        own_key = CustomerKey.shop_id == shop_id
        self._by_number: Select[*tuple[Any, ...]] = (
            select(CustomerKey.external_key, CustomerKey.customer_id, Customer.merged_into_id)
            .join(Customer, Customer.id == CustomerKey.customer_id)
            .where(own_key, among(CustomerKey.external_key, "numbers"))
        )
        self._by_email: Select[*tuple[Any, ...]] = (
            select(Customer.email_identity, Customer.id, Customer.merged_into_id, Account.id)
            .outerjoin(Account, Account.customer_id == Customer.id)
            .where(among(Customer.email_identity, "identities"))
        )
        self._numbered = (
            select(func.coalesce(Customer.merged_into_id, Customer.id))
            .join(CustomerKey, CustomerKey.customer_id == Customer.id)
            .where(own_key, among(Customer.id, "customers"))
        )

    def find(self, numbers: Collection[str], identities: Collection[str]) -> Known:
        """The customers of these numbers and identities."""
        by_number = {}
        if numbers:
            rows = connection().execute(self._by_number, {"numbers": listed(sorted(numbers))}).all()
            by_number = {key: merged or customer_id for key, customer_id, merged in rows}
        if not identities:
            return Known(by_number, {}, set(by_number.values()))
        rows = connection().execute(self._by_email, {"identities": listed(sorted(identities))}).all()
        everyone: defaultdict[str, set[int]] = defaultdict(set)
        reachable: defaultdict[str, set[int]] = defaultdict(set)
        for identity, customer_id, merged, account in rows:
            everyone[identity].add(merged or customer_id)
            if account is None:
                reachable[identity].add(merged or customer_id)
        by_email = {
            identity: ByEmail(frozenset(ids), frozenset(reachable[identity])) for identity, ids in everyone.items()
        }
        numbered = self._with_number({customer_id for _, customer_id, _, _ in rows})
        return Known(by_number, by_email, numbered | set(by_number.values()))

    def _with_number(self, customer_ids: Iterable[int]) -> set[int]:
        bound = {"customers": listed(sorted(customer_ids))}
        return set(connection().execute(self._numbered, bound).scalars())
