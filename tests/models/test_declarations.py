"""Every column and table is declared, and every personal one has its words in the notice (register notice §4–§6)."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ForeignKey, Integer, MetaData, String, create_engine, text
from sqlalchemy.orm import DeclarativeBase, mapped_column

from portal.models.base import Base, NoSubject, db, no_subject, personal, subject, technical, unlinked
from portal.models.register import UndeclaredError, check_database, check_declarations, personal_columns
from portal.rules.context import ANONYMOUS, Context
from portal.rules.register import Category, Erasure, Purpose, Retention, Source, Withheld
from portal.rules.texts import text as words
from portal.rules.texts.fields import label_code
from portal.services.register.notice import notice
from tests.support.client import InvariantClient
from tests.support.databases import Database

LOCALES = ("fi", "sv", "en")
COLUMNS = list(personal_columns())


def planted(**attributes: Any) -> type[DeclarativeBase]:
    """A base of its own with a person's table and one more, which holds what the test planted."""

    class Planted(DeclarativeBase):
        metadata = MetaData()

    own: dict[str, Any] = {"__tablename__": "customer", "__subject__": subject()}
    classes = [type("Person", (Planted,), {**own, "id": technical("row number", Integer, primary_key=True)})]
    if attributes:
        classes.append(type("Thing", (Planted,), {"__tablename__": "thing", **attributes}))
    # The registry knows its classes weakly: without this they could be gone before they are looked at.
    Planted.kept = classes
    return Planted


def key() -> Any:
    return technical("row number", Integer, primary_key=True)


def test_the_program_itself_is_declared() -> None:
    check_declarations()
    assert len(COLUMNS) > 50


def test_a_column_without_a_declaration_is_told_what_to_write() -> None:
    base = planted(__subject__=no_subject("a test"), id=key(), shoe_size=mapped_column(Integer))
    with pytest.raises(
        UndeclaredError, match=r"Column thing\.shoe_size is not declared: .*personal\(…\).*technical\(…\)"
    ):
        check_declarations(base)  # type: ignore[arg-type]


def shoe_size(**options: Any) -> Any:
    return personal(Category.IDENTITY, Purpose.ORDERS, Retention.ACCOUNT, Erasure.DELETE_ROW, Integer, **options)


def test_a_table_about_nobody_holds_nothing_personal() -> None:
    base = planted(__subject__=no_subject("a test"), id=key(), shoe_size=shoe_size())
    with pytest.raises(UndeclaredError, match=r"Table thing is about nobody, yet shoe_size is personal: unlinked"):
        check_declarations(base)  # type: ignore[arg-type]


def test_what_is_about_people_nobody_can_tell_is_withheld() -> None:
    base = planted(__subject__=unlinked("a test"), id=key(), shoe_size=shoe_size())
    with pytest.raises(UndeclaredError, match=r"Column thing\.shoe_size is about people nobody can tell: .*withheld"):
        check_declarations(base)  # type: ignore[arg-type]
    withheld = shoe_size(withheld=Withheld.UNLINKED)
    check_declarations(planted(__subject__=unlinked("a test"), id=key(), shoe_size=withheld))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "column",
    [
        *("throttle_counter.key_hash", "known_device.device_hash", "registration.fingerprint"),
        *("recovery_code.code_hash", "recovery_code.batch", "passkey_challenge.binding"),
    ],
)
def test_a_keyed_hash_is_personal_and_withheld(column: str) -> None:
    (found,) = [item for item in COLUMNS if f"{item.table}.{item.name}" == column]
    assert found.declared.withheld is not None


def test_a_table_without_a_subject_is_told_what_to_write() -> None:
    base = planted(id=key())
    with pytest.raises(UndeclaredError, match=r"Table thing does not say whom it is about: set __subject__ = subject"):
        check_declarations(base)  # type: ignore[arg-type]


def test_every_omission_is_named_at_once() -> None:
    base = planted(id=key(), one=mapped_column(Integer), two=mapped_column(String(5)))
    with pytest.raises(UndeclaredError) as refused:
        check_declarations(base)  # type: ignore[arg-type]
    assert len(str(refused.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("nowhere", "customer"),
        ("customer_id.nowhere", "customer"),
        ("customer_id", "staff"),
        ("customer_id", "shopkeeper"),
        ("plain.customer_id", "customer"),
        ("", "customer"),
    ],
)
def test_a_path_that_does_not_lead_to_the_person_is_refused(path: str, role: str) -> None:
    base = planted(
        __subject__=subject(path, role),
        id=key(),
        customer_id=technical("the customer", Integer, ForeignKey("customer.id")),
        plain=technical("a number", Integer),
    )
    with pytest.raises(UndeclaredError, match=r"Table thing: "):
        check_declarations(base)  # type: ignore[arg-type]


def test_a_path_that_leads_to_the_person_is_accepted() -> None:
    owner = technical("the customer", Integer, ForeignKey("customer.id"))
    check_declarations(planted(__subject__=subject("customer_id"), id=key(), customer_id=owner))  # type: ignore[arg-type]


def test_a_personal_column_needs_a_purpose() -> None:
    with pytest.raises(ValueError, match="at least one purpose"):
        personal(Category.IDENTITY, (), Retention.ACCOUNT, Erasure.DELETE_ROW, String(5))


def test_a_reason_stands_behind_every_technical_column_and_every_table_about_nobody() -> None:
    for mapper in Base.registry.mappers:
        declared = mapper.class_.__dict__["__subject__"]
        assert not isinstance(declared, NoSubject) or len(declared.reason) > 10
        for column in mapper.local_table.columns:
            reason = getattr(column.info["register"], "reason", "a purpose instead")
            assert reason.strip(), f"{mapper.class_.__tablename__}.{column.name} gives no reason"


@pytest.mark.usefixtures("database")
def test_the_migrated_database_holds_no_table_nobody_declared(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert check_database(connection) == []


def test_a_foreign_table_is_found() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE customer (id INTEGER)"))
        connection.execute(text("CREATE TABLE customer_backup (id INTEGER, name TEXT)"))
        (told,) = check_database(connection)
    assert re.match(r"Table customer_backup .*portal/models.*personal\(…\).*FOREIGN_TABLES", told)
    engine.dispose()


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: f"{column.table}.{column.name}")
def test_every_personal_column_has_its_words_in_three_languages(column: Any) -> None:
    code = label_code(column.table, column.name)
    found = {words(code, locale) for locale in LOCALES}
    assert all(found)
    assert len(found) > 1, f"{code} says {found} in every language"


@pytest.mark.parametrize("language", LOCALES)
def test_the_notice_contains_every_label(client: InvariantClient, database: Database, language: str) -> None:
    client.set_cookie("portal_language", language, domain="localhost")
    # A label within a sentence begins with a small letter.
    page = client.get("/privacy-notice").page_text.casefold()
    context = Context(ANONYMOUS, datetime.now(UTC), Source.REGISTRATION, "test")
    missing = [
        words(code, language)
        for content in notice(context).contents
        for code in content.fields
        if words(code, language).casefold() not in page
    ]
    assert not missing


def test_the_notice_names_every_purpose_and_category_that_a_column_has() -> None:
    found = notice(Context(ANONYMOUS, datetime.now(UTC), Source.REGISTRATION, "test"))
    named = {item.category for item in found.contents}
    for column in COLUMNS:
        if column.declared.category not in named:
            assert column.table.startswith("staff"), f"{column.table}.{column.name} is about customers and not told"
    assert {purpose for item in found.contents for purpose in item.purposes} == set(found.purposes)
    assert Purpose.ACCOUNT_SECURITY in found.purposes
