"""Any fragment finds the customer, on both databases alike, and nothing that was not asked for."""

from datetime import timedelta
from typing import Any

import pytest

from portal.models import register
from portal.models.base import db
from portal.models.customer import Customer, CustomerKey
from portal.models.staff import StaffSearch
from portal.rules.context import Actor
from portal.rules.errors import NotFound, RuleBroken
from portal.services.foundation import fragment_index
from portal.services.register import customer_search, customer_search_index, provenance
from tests.support.builders import customer, order, shop, staff

PEOPLE: dict[str, dict[str, Any]] = {
    "maija": {
        "first_name": "Maija",
        "last_name": "Mäkinen",
        "email": "maija.makinen@example.com",
        "phone": "+358401112223",
    },
    "maret": {
        "first_name": "Máret",
        "last_name": "Näkkäläjärvi",
        "email": "maret@example.org",
        "phone": "+358505556667",
    },
    "ake": {"first_name": "Åke", "last_name": "Öst", "email": "ake@example.net", "phone": "+46701234567"},
    "firm": {
        "first_name": "Anna-Liisa",
        "last_name": "O'Brien",
        "company": "Saunan 100 % Löyly Oy",
        "business_id": "2077474-0",
        "email": "info@loyly.example",
        "phone": None,
    },
}


@pytest.fixture
def people(transaction):
    """The four customers, by short name."""
    with transaction() as context:
        return {name: customer(context, **details) for name, details in PEOPLE.items()}


@pytest.fixture
def find(reading, people):
    """The short names of the customers a term finds."""

    def search(term):
        with reading() as context:
            hits = customer_search.customers(context, term).hits
            ids = {row.uuid: row.id for row in db.session.query(Customer.uuid, Customer.id)}
        names = {number: name for name, number in people.items()}
        return {names[ids[hit.uuid]] for hit in hits}

    return search


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("mäkinen", {"maija"}),
        ("MÄKINEN", {"maija"}),
        ("makinen", {"maija"}),
        ("äkine", {"maija"}),
        ("nen", {"maija"}),
        ("mäkinen maija", {"maija"}),
        ("mai mäk", {"maija"}),
        ("maija öst", set()),
        ("nakkala", {"maret"}),
        ("Máret", {"maret"}),
        ("maret", {"maret"}),
        ("å", {"ake"}),
        ("ös", {"ake"}),
        ("a", {"ake", "firm"}),
        ("ma", {"maija", "maret"}),
        ("ki", set()),
        ("example.org", {"maret"}),
        ("aret@ex", {"maret"}),
        ("0401112223", {"maija"}),
        ("040 111 2223", {"maija"}),
        ("+358 40 111", {"maija"}),
        ("+358 (0)40-1112223", {"maija"}),
        ("00358401112223", {"maija"}),
        ("0401", {"maija"}),
        ("1112", {"maija"}),
        ("070-123 45 67", {"ake"}),
        ("2077474-0", {"firm"}),
        ("207747", {"firm"}),
        ("100 %", {"firm"}),
        ("%", {"firm"}),
        ("löyly oy", {"firm"}),
        ("o'bri", {"firm"}),
        ('"', set()),
        ("_ak", set()),
        ("\\", set()),
        ("OR", set()),
        ("NEAR(", set()),
        ("*", set()),
        ("💥💥💥", set()),
    ],
)
@pytest.mark.security(45)
def test_any_fragment_finds(find, term, found):
    assert find(term) == found


def test_numbers_find(find, people, transaction, reading):
    with transaction() as context:
        placed = order(context, people["maret"], external_id="77031")
        key = CustomerKey(shop_id=shop(context), external_key="ALFKI", customer_id=people["ake"])
        db.session.add(key)
        db.session.flush()
        customer_search_index.refresh(context, [people["ake"]])
    with reading():
        wanted = db.session.get_one(Customer, people["firm"]).uuid
    assert find(f"C-{people['maija']:06d}") == {"maija"}
    assert find("alfk") == {"ake"}
    assert find(placed.number) == find("703") == find(placed.number.lower()) == {"maret"}
    assert find(str(wanted)) == {"firm"}
    with reading() as context:
        (hit,) = customer_search.customers(context, "77031").hits
    assert hit.order == placed.number


def test_a_new_name_replaces_the_old_one_in_the_index(find, people, transaction):
    with transaction() as context:
        row = provenance.lock(people["maija"])
        provenance.set_fields(context, row, {"last_name": "Virta"})
    assert find("virta") == {"maija"}
    assert find("mäki") == set()


def test_an_erased_customer_leaves_the_index(find, people, transaction):
    with transaction() as context:
        db.session.execute(db.delete(Customer).where(Customer.id == people["ake"]))
        customer_search_index.rebuild(context)
    assert find("åke") == set()


@pytest.mark.security(49)
def test_fifty_are_shown_and_more_is_said_in_a_fixed_order(transaction, reading, monkeypatch):
    # The few rows of a test are less than PostgreSQL looks through first: with one, both of its ways are taken.
    with transaction() as context:
        for number in range(53):
            customer(context, first_name=f"Eka{number:02d}", last_name="Kaima")
    with reading() as context:
        found = customer_search.customers(context, "kaima")
        assert (len(found.hits), found.more) == (50, True)
        monkeypatch.setattr(fragment_index, "PROBED", 1)
        assert customer_search.customers(context, "kaima") == found
        assert [hit.name for hit in found.hits] == sorted(hit.name for hit in found.hits)


def test_a_term_belongs_to_its_employee_for_a_day(transaction, reading):
    with transaction() as context:
        mine, other = staff(context).id, staff(context).id
    with transaction(Actor("staff", mine)) as context:
        key = customer_search.remember(context, "customers", "  mäki  ")
    with reading(Actor("staff", mine)) as context:
        assert customer_search.recall(context, "customers", key) == "mäki"
        later = context.now + timedelta(days=1, seconds=1)
        with pytest.raises(NotFound):
            customer_search.recall(context, "orders", key)
    with reading(Actor("staff", other)) as context, pytest.raises(NotFound):
        customer_search.recall(context, "customers", key)
    with reading(Actor("staff", mine), now=later) as context, pytest.raises(NotFound):
        customer_search.recall(context, "customers", key)
    with transaction(now=later) as context:
        assert customer_search.purge(context) == 1
        assert db.session.query(StaffSearch).count() == 0


@pytest.mark.parametrize(
    ("term", "code"), [("", "text.required"), ("   ", "text.required"), ("x" * 101, "text.too_long")]
)
def test_an_empty_or_endless_term_is_refused(transaction, term, code):
    with transaction() as context:
        made = staff(context)
    with pytest.raises(RuleBroken, match=code), transaction(Actor("staff", made.id)) as context:
        customer_search.remember(context, "customers", term)


def test_every_table_of_the_indexes_is_explained(app, database):
    with app.app_context(), db.engine.connect() as connection:
        assert register.check_database(connection) == []
