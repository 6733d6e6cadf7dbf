"""A unique value in every personal column of every table about one customer, made from the tables themselves.

Whatever shows or hands out "everything we hold" is measured by them: a column that is added tomorrow gets a canary of
its own, and what would leave it out fails.
"""

import hashlib
import itertools
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Column, Date, Insert, Integer, LargeBinary, String, Table, Update, Uuid, insert, update

from portal.models.access_request import AccessRequestAttachment, AccessRequestLetter, AccessRequestNote
from portal.models.base import Base, JsonText, Personal, UtcDateTime, db
from portal.models.customer import Customer
from portal.models.register import path_to
from portal.rules.access_requests import NoteKind
from portal.rules.context import Context
from portal.rules.formats import format_date, format_datetime
from portal.rules.register import Withheld
from portal.services.foundation import stored_files
from tests.support import builders

FIRST_MOMENT = datetime(2021, 1, 1, 6, 0, tzinfo=UTC)
# Far from the row numbers that the database itself gives.
FIRST_NUMBER = 1001
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# What cannot be set while its owner looks at a page: the label alone is looked for.
LEFT_EMPTY = {("account", "disabled_at"): "nobody can log in while it is set"}
# What the database takes from a fixed list: a word of the list is planted, and its label alone is looked for.
FIXED: dict[tuple[str, str], Any] = {
    ("access_request", "channel"): "account",
    ("access_request", "delivery"): "portal",
    ("access_request", "scope"): "everything",
    # Signed in the account and closed, so that every column may be filled.
    ("access_request", "state"): "answered",
    ("access_request_check", "found"): True,
    ("access_request_draft", "contact_by"): "other",
    ("access_request_draft", "delivery"): "portal",
    ("access_request_draft", "scope"): "everything",
    # The only step that may have a reason for its lateness; the moments planted later are later by days.
    ("access_request_event", "kind"): "identity_asked",
    ("access_request_letter", "kind"): "answer",
    ("access_request_letter", "on_paper"): "post",
    ("access_request_note", "channel"): "letter",
    ("access_request_note", "kind"): "from_customer",
    # Neither one that the job would take up, nor one that needs a file.
    ("data_copy", "state"): "expired",
    ("consent_event", "action"): "given",
    ("consent_event", "kind"): "marketing_email",
    ("consent_event", "source"): "account",
    ("consent_event", "language"): "fi",
    ("consent_event", "actor_kind"): "customer",
    ("derived_fact", "kind"): "often",
}
# From this length on a text is found inside others; a shorter one must stand alone.
FINDABLE = 6


@dataclass(frozen=True)
class Canary:
    """One planted value and where it stands."""

    table: str
    column: str
    value: Any
    withheld: Withheld | None

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"

    def seen_in(self, texts: set[str], locale: str) -> bool:
        """Whether a page whose pieces of text these are shows the value."""
        if isinstance(self.value, datetime):
            return format_datetime(self.value, locale) in texts
        if isinstance(self.value, date):
            return format_date(self.value, locale) in texts
        if isinstance(self.value, bytes):
            return any(self.value.hex() in text for text in texts)
        if isinstance(self.value, int):
            # Written with a comma, spaces and a unit: the digits are what tells it apart.
            return any(re.sub(r"\D", "", text) == str(self.value) for text in texts)
        wanted = next(iter(self.value.values())) if isinstance(self.value, dict) else self.value
        if len(wanted) < FINDABLE:
            return wanted in texts
        return any(wanted in text for text in texts)


@dataclass
class Flock:
    """All canaries of one customer."""

    number: int
    customer_id: int = 0
    account_id: int = 0
    # The bytes of every file, by what the file is: an attachment by the kind of its note.
    files: dict[str, bytes] = field(default_factory=dict)
    canaries: list[Canary] = field(default_factory=list)


class Planter:
    """Plants flocks; no two values are the same."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._counter = itertools.count(FIRST_NUMBER)
        self._short = itertools.count()
        self._shop = builders.shop(context)
        self._employee = builders.staff(context).id
        self._flocks = 0

    def plant(self, joined_to: Flock | None = None) -> Flock:
        """A customer with one row in every table that can be about customers, or a record joined to such a one."""
        self._flocks += 1
        flock = Flock(self._flocks)
        tables = [table for table in Base.metadata.sorted_tables if path_to(table.name) is not None]
        # Chosen beforehand: the audit log names its customer without a foreign key and may come first.
        ids = {"shop": self._shop, "staff": self._employee}
        ids |= {table.name: next(self._counter) for table in tables if "id" in table.c}
        for table in tables:
            values = {column.name: self._value(flock, table, column, ids) for column in table.columns}
            for statement in _planting(table, values):
                db.session.execute(statement)
        flock.customer_id, flock.account_id = ids["customer"], ids["account"]
        self._add_files(flock, ids["access_request"])
        if joined_to is not None:
            db.session.execute(
                update(Customer).where(Customer.id == flock.customer_id).values(merged_into_id=joined_to.customer_id)
            )
        return flock

    def _add_files(self, flock: Flock, request_id: int) -> None:
        """A letter, an earlier copy, and a note of each kind with an attachment, every one with words of its own."""
        letter = {"request_id": request_id, "kind": "extension", "language": "fi", "written_at": self._context.now}
        letter |= {"number": f"K-{flock.number}-0001", "body": self._words(flock, "access_request_letter")}
        letter |= {"staff_id": self._employee, "file_id": self._file(flock, "letter", "letter")}
        db.session.execute(insert(AccessRequestLetter).values(**letter))
        self._file(flock, "data_copy", "data_copy")
        for kind in NoteKind:
            note = {"request_id": request_id, "kind": kind.value, "written_at": self._context.now}
            # What employees write for each other is shown to nobody before one has reviewed it.
            withheld = Withheld.UNREVIEWED if kind is NoteKind.INTERNAL else None
            note["body"] = self._words(flock, "access_request_note", withheld)
            note_id = db.session.execute(
                insert(AccessRequestNote).values(**note).returning(AccessRequestNote.id)
            ).scalar_one()
            file_id = self._file(flock, kind.value, "attachment", withheld)
            db.session.execute(insert(AccessRequestAttachment).values(note_id=note_id, file_id=file_id))

    def _words(self, flock: Flock, table: str, withheld: Withheld | None = None) -> str:
        """The body of a row of its own, which is looked for like every other value."""
        words = f"kanaria{next(self._counter):04d}a"
        flock.canaries.append(Canary(table, "body", words, withheld))
        return words

    def _file(self, flock: Flock, what: str, kind: str, withheld: Withheld | None = None) -> int:
        content = f"kanaria{next(self._counter):04d}a in the bytes of a file".encode()
        flock.files[what] = content
        written = stored_files.write_bytes(content)
        name = f"kanaria{next(self._counter):04d}a.txt"
        flock.canaries.append(Canary("stored_file", "name", name, withheld))
        return stored_files.keep(
            self._context, written, customer_id=flock.customer_id, kind=kind, name=name, media_type="text/plain"
        )

    def _value(self, flock: Flock, table: Table, column: Column[Any], ids: dict[str, int]) -> Any:
        declared = column.info["register"]
        if column.name == "id":
            return ids[table.name]
        if isinstance(declared, Personal):
            if (table.name, column.name) in FIXED:
                return FIXED[table.name, column.name]
            value = None if (table.name, column.name) in LEFT_EMPTY else self._canary(column)
            if value is not None:
                withheld = declared.withheld or (Withheld.UNREVIEWED if declared.between_us else None)
                flock.canaries.append(Canary(table.name, column.name, value, withheld))
            return value
        if column.name in (path_to(table.name) or ()):
            return ids[self._target(column)]
        if column.foreign_keys:
            return None if column.nullable else ids[self._target(column)]
        return self._filler(column)

    def _target(self, column: Column[Any]) -> str:
        found = {key.column.table.name for key in column.foreign_keys}
        return found.pop() if found else column.name.removesuffix("_id")

    def _canary(self, column: Column[Any]) -> Any:
        number = next(self._counter)
        kind = column.type
        if isinstance(kind, UtcDateTime):
            return FIRST_MOMENT + timedelta(days=number, minutes=number)
        if isinstance(kind, Date):
            return FIRST_MOMENT.date() + timedelta(days=number)
        if isinstance(kind, Integer):
            # Ends in 7, because trailing zeros of decimals are not written.
            return 1_000_000 + number * 10 + 7
        if isinstance(kind, LargeBinary):
            return hashlib.sha256(str(number).encode()).digest()[: kind.length]
        if isinstance(kind, JsonText):
            return {"canary": f"kanaria{number:04d}a"}
        if isinstance(kind, String):
            long = f"kanaria{number:04d}a"
            return long if (kind.length or len(long)) >= len(long) else self._short_text(kind.length or 0)
        raise AssertionError(
            f"{column} is personal and of the type {kind!r}: say in tests/support/canaries.py what a unique value is"
        )

    def _short_text(self, length: int) -> str:
        number = next(self._short)
        first, last = LETTERS[number // 26], LETTERS[number % 26]
        # A digit and a letter make no language or country there is, two small letters after a large one no currency.
        return f"{number // 26}{last}" if length == 2 else ("Q" + first + last).ljust(length, "q")

    def _filler(self, column: Column[Any]) -> Any:
        number = next(self._counter)
        kind = column.type
        if isinstance(kind, UtcDateTime):
            return self._context.now
        if isinstance(kind, LargeBinary):
            return hashlib.sha256(str(number).encode()).digest()[: kind.length]
        if isinstance(kind, Uuid):
            return uuid.UUID(int=number)
        if isinstance(kind, JsonText):
            return {}
        if isinstance(kind, Integer):
            return number
        if isinstance(kind, Boolean):
            return False
        # A provenance row names a detail; any other technical text is free.
        return "street" if column.name == "field" else str(number)[: getattr(kind, "length", None)]


def _planting(table: Table, values: dict[str, Any]) -> Iterator[Insert | Update]:
    """The row, by the way on which the database lets it come about: a request begins as received."""
    if table.name != "access_request":
        yield insert(table).values(**values)
        return
    moments = {name: values[name] for name in ("extended_at", "closed_at")}
    yield insert(table).values({**values, "state": "received", **dict.fromkeys(moments)})
    own = update(table).where(table.c.id == values["id"])
    yield own.values(state="in_progress")
    yield own.values(state="extended", extended_at=moments["extended_at"])
    yield own.values(state=values["state"], closed_at=moments["closed_at"])


def unseen(flock: Flock, texts: set[str], locale: str) -> Iterator[str]:
    """What a customer's pages leave out, with what to do about it."""
    for canary in flock.canaries:
        if canary.withheld is None and not canary.seen_in(texts, locale):
            yield (
                f"{canary.name} is personal, yet its value {canary.value!r} is on no page: see that "
                "services/register/register_parts.py puts it in a part and that the part's page shows it"
            )


def leaked(flock: Flock, texts: set[str], locale: str) -> Iterator[str]:
    """What a customer's pages show although it is withheld."""
    for canary in flock.canaries:
        if canary.withheld is not None and canary.seen_in(texts, locale):
            yield f"{canary.name} is withheld ({canary.withheld}), yet its value is shown: name it with its reason only"


def foreign(neighbour: Flock, texts: set[str], locale: str) -> Iterator[str]:
    """What a customer's pages show of somebody else."""
    for canary in neighbour.canaries:
        if canary.seen_in(texts, locale):
            yield f"{canary.name} of another customer is shown: the query is not scoped by the path to its owner"
