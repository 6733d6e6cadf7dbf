"""The measure of the data copy: every personal value of the one customer in every format, and none of the neighbour's.

The canaries come from the tables, so that a new column or table is measured unasked. What is withheld is listed with
its reason and contained nowhere.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.models.register import path_to, personal_columns, unlinked_columns
from portal.rules.machine_values import MONEY, SCALES
from portal.rules.register import text_code
from portal.rules.register_labels import left_out_label, table_label
from portal.rules.texts import text
from portal.rules.texts.fields import label_code
from portal.services.data_copy import about
from portal.services.data_copy.tables import CopyTable, tables
from portal.services.register.register_parts import parts
from tests.support import copies
from tests.support.canaries import FIXED, LEFT_EMPTY, Canary, Flock, foreign, leaked, unseen
from tests.support.copies import Archive
from tests.support.fixtures import Transaction

Cells = dict[tuple[str, str], list[Any]]


def made(app: Flask, transaction: Transaction, flock: Flock, language: str = "fi") -> Archive:
    return copies.make(app, transaction, flock.customer_id, language)


def texts_of_pages(archive: Archive) -> set[str]:
    """Every piece of text of the pages, found by following their links from the first."""
    waiting, known, texts = ["index.html"], {"index.html"}, set[str]()
    while waiting:
        name = waiting.pop()
        soup = BeautifulSoup(archive.members[name], "html5lib")
        texts.update(soup.stripped_strings)
        for link in soup.select("a[href$='.html']"):
            target = str(link["href"]).removeprefix("../")
            target = target if "/" in target or target == "index.html" else f"pages/{target}"
            if target not in known:
                known.add(target)
                waiting.append(target)
    assert {name for name in archive.members if name.endswith(".html")} == known, "a page no link leads to"
    return texts


def json_cells(archive: Archive) -> Cells:
    """Every value of the JSON by table and key."""
    found: Cells = {}
    for table in archive.data["tables"]:
        for row in table["rows"]:
            for key, value in row.items():
                found.setdefault((table["name"], key), []).append(value)
    return found


def csv_cells(archive: Archive) -> Cells:
    """Every cell of the CSV files by table and column."""
    found: Cells = {}
    for name, content in archive.members.items():
        if name.startswith("csv/"):
            for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")):
                for key, value in row.items():
                    if value:
                        found.setdefault((name[4:-4], key), []).append(value)
    return found


def as_machine(canary: Canary) -> Any:
    """A planted value as a program reads it: decimals as numbers."""
    value = canary.value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if canary.column in MONEY:
        return Decimal(value) / 100
    if canary.column in SCALES:
        return Decimal(value) / 10 ** SCALES[canary.column]
    return value


def read(value: Any, wanted: Any) -> Any:
    """A value of a file in the type of the wanted one."""
    if isinstance(wanted, Decimal):
        return Decimal(value)
    if isinstance(wanted, int) and isinstance(value, str):
        return int(value)
    return json.loads(value) if isinstance(wanted, dict) and isinstance(value, str) else value


def missing(cells: Cells, flock: Flock) -> Iterator[str]:
    """What a file for programs leaves out, each value looked for in its own column."""
    for canary in flock.canaries:
        wanted = as_machine(canary)
        found = [read(value, wanted) for value in cells.get((canary.table, canary.column), [])]
        if canary.withheld is None and wanted not in found:
            yield (
                f"{canary.name} is personal, yet its value is not in the copy: see that "
                "services/register/register_parts.py puts it in a part, and services/data_copy/tables.py in a table"
            )


def unwanted(archive: Archive, flock: Flock, *, withheld: bool) -> Iterator[str]:
    """Values that stand anywhere in any file although they must not; short texts are looked for as whole values."""
    whole = {
        str(value) for cells in (json_cells(archive), csv_cells(archive)) for found in cells.values() for value in found
    }
    for canary in flock.canaries:
        if (canary.withheld is not None) is withheld:
            wanted = (
                str(as_machine(canary)) if not isinstance(canary.value, dict) else next(iter(canary.value.values()))
            )
            inside = len(wanted) >= 6 and any(wanted.encode() in content for content in archive.members.values())
            if inside or wanted in whole:
                yield canary.name


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_everything_of_the_one_and_nothing_of_the_other(
    app: Flask, transaction: Transaction, flocks: tuple[Flock, Flock], language: str
) -> None:
    own, neighbour = flocks
    archive = made(app, transaction, own, language)
    texts = texts_of_pages(archive)
    problems = [*unseen(own, texts, language), *leaked(own, texts, language), *foreign(neighbour, texts, language)]
    problems += missing(json_cells(archive), own)
    problems += missing(csv_cells(archive), own)
    problems += unwanted(archive, own, withheld=True)
    problems += [*unwanted(archive, neighbour, withheld=True), *unwanted(archive, neighbour, withheld=False)]
    assert not problems, "\n" + "\n".join(problems)


def test_everything_of_a_joined_record_is_in_its_owners_copy_alone(
    app: Flask, transaction: Transaction, joined: tuple[Flock, Flock, Flock]
) -> None:
    own, earlier, foreign_earlier = joined
    archive = made(app, transaction, own)
    texts = texts_of_pages(archive)
    problems = [*foreign(foreign_earlier, texts, "fi")]
    for flock in (own, earlier):
        problems += [*unseen(flock, texts, "fi"), *leaked(flock, texts, "fi"), *unwanted(archive, flock, withheld=True)]
        problems += [*missing(json_cells(archive), flock), *missing(csv_cells(archive), flock)]
    problems += [*unwanted(archive, foreign_earlier, withheld=False)]
    assert not problems, "\n" + "\n".join(problems)
    (email,) = [canary.value for canary in own.canaries if canary.name == "customer.email"]
    assert archive.rows("customer")[0]["email"] == email


def test_what_is_fixed_or_empty_has_its_column(
    app: Flask, transaction: Transaction, flocks: tuple[Flock, Flock]
) -> None:
    archive = made(app, transaction, flocks[0])
    cells = json_cells(archive)
    for (table, column), value in FIXED.items():
        if path_to(table) is not None:
            assert value in cells[table, column]
    named = {(table["name"], item["key"]) for table in archive.data["tables"] for item in table["columns"]}
    assert set(LEFT_EMPTY) <= named


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_is_withheld_is_listed_with_its_reason(
    app: Flask, transaction: Transaction, flocks: tuple[Flock, Flock], language: str
) -> None:
    archive = made(app, transaction, flocks[0], language)
    texts = texts_of_pages(archive)
    listed = {(item["table"], item["column"]): item for item in archive.data["withheld"]}
    own = [item for item in personal_columns() if item.declared.withheld and path_to(item.table) is not None]
    withheld = [*own, *unlinked_columns()]
    assert {"known_device", "recovery_code", "throttle_counter", "registration"} <= {item.table for item in withheld}
    # What nobody has reviewed is named as one: notes, and files by the column that names them.
    unreviewed = {("stored_file", "name"), ("access_request_note", "body")}
    unreviewed |= {("access_request_check", "note"), ("access_request_event", "late_reason")}
    assert set(listed) == {*unreviewed, *((item.table, item.name) for item in withheld)}
    assert {listed[item]["reason"] for item in unreviewed} == {"unreviewed"}
    for item in withheld:
        assert item.declared.withheld is not None
        said = listed[item.table, item.name]
        assert said["reason"] == item.declared.withheld.value
        assert {
            text(label_code(item.table, item.name), language) if item in own else table_label(item.table, language),
            text(text_code(item.declared.withheld), language),
        } <= texts


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_is_left_out_of_an_answer_is_nowhere_and_listed(
    app: Flask, transaction: Transaction, flocks: tuple[Flock, Flock], language: str
) -> None:
    own = flocks[0]
    left_out = {
        "requests.access_request_note": "other_persons",
        "messages.message": "other_persons",
        "purchase.orders": "restricted_by_law",
    }
    with transaction():
        request_id = db.session.execute(
            select(AccessRequest.id).where(AccessRequest.customer_id == own.customer_id)
        ).scalar_one()
    archive = copies.answer(app, transaction, own.customer_id, request_id, left_out, language)
    columns = {(part.table, item.name): part.code for part in parts() if part.code in left_out for item in part.columns}
    # The currency is read with the amounts of the lines.
    gone = [item for item in own.canaries if (item.table, item.column) in {*columns} - {("orders", "currency")}]
    rest = [item for item in own.canaries if (item.table, item.column) not in columns]
    assert {item.table for item in gone} == {"access_request_note", "message", "orders"}
    assert not list(unwanted(archive, replace(own, canaries=gone), withheld=False))
    for cells in (json_cells(archive), csv_cells(archive)):
        assert not list(missing(cells, replace(own, canaries=rest)))
    assert not {"csv/access_request_note.csv", "csv/message.csv"} & set(archive.members)
    listed = {(item["table"], item["column"]): item for item in archive.data["withheld"] if "part" in item}
    unlinked = {(item.table, item.name): "unlinked" for item in unlinked_columns()}
    wanted = unlinked | {key: left_out[columns[key]] for key in columns}
    assert {key: item["reason"] for key, item in listed.items()} == wanted
    texts = texts_of_pages(archive)
    assert {left_out_label(code, language) for code in left_out} <= texts
    assert {text(f"withheld.{reason}", language) for reason in left_out.values()} <= texts
    schema = json.loads(archive.members["schemas/data-copy-1.json"])
    jsonschema.Draft202012Validator(schema).validate(archive.data)


def problems_of_each_form(archive: Archive, flock: Flock) -> Iterator[list[str]]:
    """What the pages, the JSON and the CSV files leave out."""
    yield [*unseen(flock, texts_of_pages(archive), "fi")]
    yield from ([*missing(cells, flock)] for cells in (json_cells(archive), csv_cells(archive)))


def forgetting(change: Callable[[CopyTable], CopyTable | None]) -> Callable[..., tuple[CopyTable, ...]]:
    def forgetful(*_categories: object) -> tuple[CopyTable, ...]:
        return tuple(found for table in tables() if (found := change(table)) is not None)

    return forgetful


def test_a_forgotten_column_is_noticed(
    app: Flask, transaction: Transaction, flocks: tuple[Flock, Flock], monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_sku(table: CopyTable) -> CopyTable:
        parts = tuple(
            replace(part, columns=tuple(item for item in part.columns if item.name != "sku")) for part in table.parts
        )
        return replace(table, columns=tuple(item for item in table.columns if item.key != "sku"), parts=parts)

    monkeypatch.setattr(about, "tables", forgetting(without_sku))
    for problems in problems_of_each_form(made(app, transaction, flocks[0]), flocks[0]):
        assert [problem.partition(" ")[0] for problem in problems] == ["order_line.sku"]


def test_a_forgotten_table_is_noticed(
    app: Flask, transaction: Transaction, flocks: tuple[Flock, Flock], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(about, "tables", forgetting(lambda table: None if table.name == "consent_event" else table))
    for problems in problems_of_each_form(made(app, transaction, flocks[0]), flocks[0]):
        found = {problem.partition(" ")[0] for problem in problems}
        assert {"consent_event.wording", "consent_event.recorded_at"} <= found
        assert all(name.startswith("consent_event.") for name in found)


def test_a_value_that_must_not_be_there_is_noticed(
    app: Flask, transaction: Transaction, flocks: tuple[Flock, Flock]
) -> None:
    own, neighbour = flocks
    archive = made(app, transaction, own)
    assert not list(unwanted(archive, neighbour, withheld=False))
    (city,) = [canary for canary in neighbour.canaries if canary.name == "customer.city"]
    archive.members["pages/planted.html"] = f"<p>{city.value}</p>".encode()
    assert list(unwanted(archive, neighbour, withheld=False)) == [city.name]
    (secret,) = [canary for canary in own.canaries if canary.name == "account.password_hash"]
    archive.members["data.json"] = archive.members["data.json"].replace(b'"version"', f'"{secret.value}"'.encode(), 1)
    assert list(unwanted(archive, own, withheld=True)) == [secret.name]
