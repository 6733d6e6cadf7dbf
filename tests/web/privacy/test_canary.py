"""The measure of the privacy pages: everything personal of one customer is shown or named as withheld, and nothing of
anybody else.

The canaries come from the tables, so that a new column or table is measured unasked.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.models.register import path_to, personal_columns, unlinked_columns
from portal.rules.context import Visitor
from portal.rules.register import Withheld, text_code
from portal.rules.register_labels import table_label
from portal.rules.texts import TEXTS, text
from portal.rules.texts.fields import label_code
from portal.services.accounts import sessions
from portal.services.register import privacy_page
from portal.services.register.register_parts import Part, parts
from tests.support.canaries import FIXED, LEFT_EMPTY, Flock, Planter, foreign, leaked, unseen
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction

VISITOR = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox Linux")
MOST_PAGES = 60
# What these links lead to is no page.
FILES = re.compile(r"\.(pdf|zip)$|/files/[0-9]+$")


@pytest.fixture
def flocks(transaction: Transaction) -> tuple[Flock, Flock]:
    """A customer and a neighbour, with a value of their own in every personal column of every table."""
    with transaction(now=datetime.now(UTC)) as context:
        planter = Planter(context)
        return planter.plant(), planter.plant()


@pytest.fixture
def joined(transaction: Transaction) -> tuple[Flock, Flock, Flock]:
    """A customer, an earlier record joined to the account, and a neighbour who has joined one too."""
    with transaction(now=datetime.now(UTC)) as context:
        planter = Planter(context)
        own, neighbour = planter.plant(), planter.plant()
        return own, planter.plant(joined_to=own), planter.plant(joined_to=neighbour)


@pytest.fixture
def forget(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[tuple[Part, ...]], None]]:
    """Lets the page know no other parts than these. What it keeps of them is made anew, before and after."""

    def clear() -> None:
        for kept in (privacy_page._tables, privacy_page._singles, privacy_page._counts):
            kept.cache_clear()

    def only(known: tuple[Part, ...]) -> None:
        clear()
        monkeypatch.setattr(privacy_page, "parts", lambda: known)

    yield only
    monkeypatch.undo()
    clear()


def browser(new_client: NewClient, transaction: Transaction, flock: Flock, language: str) -> InvariantClient:
    with transaction(now=datetime.now(UTC)) as context:
        token = sessions.start_customer(context, flock.account_id, VISITOR)
    client = new_client(language=language)
    client.set_cookie("portal_customer", token, domain="localhost")
    client.set_cookie("portal_language", language, domain="localhost")
    return client


def texts_of_pages(client: InvariantClient) -> set[str]:
    """Every piece of text on the privacy page and on all pages below it, by following their links."""
    waiting, known, texts = ["/privacy"], {"/privacy"}, set[str]()
    while waiting:
        page = client.get(waiting.pop())
        assert page.status_code == 200, page.path
        for main in page.select("main"):
            texts.update(main.stripped_strings)
        for link in page.select('main a[href^="/privacy/"]'):
            path = str(link["href"]).partition("#")[0]
            if path not in known and not FILES.search(path):
                known.add(path)
                waiting.append(path)
        assert len(known) < MOST_PAGES, "the pages have no end"
    return texts


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_everything_of_the_one_and_nothing_of_the_other(
    new_client: NewClient, transaction: Transaction, flocks: tuple[Flock, Flock], language: str
) -> None:
    own, neighbour = flocks
    texts = texts_of_pages(browser(new_client, transaction, own, language))
    problems = [*unseen(own, texts, language), *leaked(own, texts, language), *foreign(neighbour, texts, language)]
    assert not problems, "\n" + "\n".join(problems)
    for column in personal_columns():
        named = column.declared.withheld or (column.table, column.name) in {**LEFT_EMPTY, **FIXED}
        if named and path_to(column.table) is not None:
            assert text(label_code(column.table, column.name), language) in texts
        if column.declared.withheld and path_to(column.table) is not None:
            assert text(text_code(column.declared.withheld), language) in texts
    for column in unlinked_columns():
        assert table_label(column.table, language) in texts
        assert text(text_code(Withheld.UNLINKED), language) in texts


def test_everything_of_a_joined_record_is_shown_to_its_owner_alone(
    new_client: NewClient, transaction: Transaction, joined: tuple[Flock, Flock, Flock]
) -> None:
    own, earlier, foreign_earlier = joined
    texts = texts_of_pages(browser(new_client, transaction, own, "en"))
    problems = [*foreign(foreign_earlier, texts, "en")]
    for flock in (own, earlier):
        problems += [*unseen(flock, texts, "en"), *leaked(flock, texts, "en")]
    assert not problems, "\n" + "\n".join(problems)
    assert "Earlier records joined to yours: Customer details" in texts


def test_every_personal_column_has_its_canary(flocks: tuple[Flock, Flock]) -> None:
    planted = {(canary.table, canary.column) for canary in flocks[0].canaries}
    wanted = {(column.table, column.name) for column in personal_columns() if path_to(column.table) is not None}
    assert planted | set(LEFT_EMPTY) | set(FIXED) == wanted
    values = [repr(canary.value) for flock in flocks for canary in flock.canaries]
    assert len(values) == len(set(values))


def test_every_part_and_column_has_a_name() -> None:
    unnamed = []
    for part in parts():
        if not {f"part.{part.table}", f"part.{part.category}.{part.table}"} & set(TEXTS):
            unnamed.append(f"add part.{part.table} to portal/rules/texts/privacy.py: customers see the table there")
        unnamed += [
            f"add field.{column.name} to portal/rules/texts/fields.py: customers see the column"
            for column in (*part.columns, *part.withheld)
            if label_code(column.table, column.name) not in TEXTS
        ]
    assert not unnamed, "\n" + "\n".join(unnamed)


def test_a_forgotten_column_is_noticed(
    new_client: NewClient,
    transaction: Transaction,
    flocks: tuple[Flock, Flock],
    forget: Callable[[tuple[Part, ...]], None],
) -> None:
    def without_city(part: Part) -> Part:
        return replace(part, columns=tuple(column for column in part.columns if column.name != "city"))

    forgetful = tuple(without_city(part) for part in parts())
    forget(forgetful)
    texts = texts_of_pages(browser(new_client, transaction, flocks[0], "fi"))
    (problem,) = unseen(flocks[0], texts, "fi")
    assert problem.startswith("customer.city is personal")


def test_a_forgotten_table_is_noticed(
    new_client: NewClient,
    transaction: Transaction,
    flocks: tuple[Flock, Flock],
    forget: Callable[[tuple[Part, ...]], None],
) -> None:
    forgetful = tuple(part for part in parts() if part.table != "message")
    forget(forgetful)
    texts = texts_of_pages(browser(new_client, transaction, flocks[0], "fi"))
    found = {problem.partition(" ")[0] for problem in unseen(flocks[0], texts, "fi")}
    assert {"message.kind", "message.recipient", "message.language"} <= found
    assert all(name.startswith("message.") for name in found)


def test_what_is_withheld_or_foreign_is_noticed(flocks: tuple[Flock, Flock]) -> None:
    own, neighbour = flocks
    (secret,) = [canary for canary in own.canaries if canary.name == "account.password_hash"]
    assert [problem.partition(" ")[0] for problem in leaked(own, {str(secret.value)}, "fi")] == [secret.name]
    (city,) = [canary for canary in neighbour.canaries if canary.name == "customer.city"]
    assert [problem.partition(" ")[0] for problem in foreign(neighbour, {str(city.value)}, "fi")] == [city.name]
    assert not list(foreign(neighbour, {str(secret.value)}, "fi"))
