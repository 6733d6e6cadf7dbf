"""The first page of a copy: everything Article 15(1) asks for, the few rows there are, and the way to the many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.models.register import PersonalColumn
from portal.rules.formats import format_datetime, format_number
from portal.rules.phone import display_phone
from portal.rules.recipients import given_to
from portal.rules.register import Category, Declared, Origin, text_code
from portal.rules.register_labels import column_label
from portal.rules.texts import text
from portal.services.data_copy.about import About
from portal.services.data_copy.facts import CONTROLLER, Facts
from portal.services.data_copy.files import CopiedFile
from portal.services.data_copy.frames import Slots, render
from portal.services.data_copy.pages import WrittenPart
from portal.services.data_copy.sources import Sources, origin
from portal.services.register.register_parts import Part, uses

Rows = list[dict[str, str | None]]


@dataclass(frozen=True)
class Single:
    """A part of which the customer has one row at most: its values as they are read, with their sources."""

    part: Part
    rows: Rows


def _controller(told: Facts, locale: str) -> list[str]:
    """The controller as lines of an address, as letters have it."""
    lines = {name: told.get(name, "") for name in CONTROLLER}
    lines["postal_code"] = " ".join(part for part in (lines["postal_code"], lines.pop("city")) if part)
    lines["phone"] = display_phone(lines["phone"], locale) if lines["phone"] else ""
    return [line for line in lines.values() if line]


def index_page(
    about: About,
    facts: Facts,
    singles: Sequence[Single],
    written: Sequence[WrittenPart],
    files: Sequence[CopiedFile],
    sources: Sources,
) -> bytes:
    """Render the page; `facts` are those at the head of the JSON, `sources` those of the customer's own values."""
    slots, locale = Slots(), about.language
    values = {
        "facts": facts,
        "about": about,
        "made": format_datetime(about.created_at, locale),
        "categories": [
            {**_category(item, about, singles, written, slots, sources), **_told(item, about, facts)}
            for item in about.chosen
        ],
        "controller": _controller(facts["controller"], locale),
        "files": [
            {"path": item.path, "name": item.name, "when": format_datetime(item.created_at, locale)} for item in files
        ],
        "named": [text(code, locale) for code in ("recipient.roles", "notice.recipients.named")],
        "complaint": text("notice.complaint", locale),
        "withheld": _everything_withheld(facts),
    }
    return render("data_copy/index.html", locale, slots, values)


def _category(
    category: Category,
    about: About,
    singles: Sequence[Single],
    written: Sequence[WrittenPart],
    slots: Slots,
    sources: Sources,
) -> dict[str, Any]:
    locale = about.language
    parts = [part for part in about.parts if part.category is category]
    origins = {
        origin(column.table, column.name, column.declared, sources)
        for part in parts
        for column in (*part.columns, *part.withheld)
    }
    lists = [item for item in written if item.part.category is category]
    return {
        "code": category.value,
        "label": text(text_code(category), locale),
        "rows": [row for item in singles if item.part.category is category for row in item.rows],
        "lists": [_list(item, locale, slots) for item in lists],
        "summary": _summary(lists, locale),
        "withheld": [_withheld(column, locale) for part in parts for column in part.withheld],
        "origins": _words([item for item in Origin if item in origins], locale),
    }


def _told(category: Category, about: About, facts: Facts) -> dict[str, Any]:
    """What is said of the whole category: why, on what basis, from where, to whom and for how long."""
    locale = about.language
    used = uses(category, [part for part in about.parts if part.category is category])
    named = [(item["name"], item["purposes"]) for item in facts["named_recipients"]]
    return {
        "purposes": _words(used.purposes, locale),
        "bases": _words(used.bases, locale),
        "sources": _words(used.sources, locale),
        "given_to": given_to(used.purposes, named, locale),
        "retention": _words(used.retentions, locale),
    }


def _everything_withheld(facts: Facts) -> list[tuple[str, str]]:
    """What is not shown, each with its reason: columns, and once each what was left out as a whole."""
    return list(dict.fromkeys((item.get("part", item["name"]), item["explanation"]) for item in facts["withheld"]))


def _list(item: WrittenPart, locale: str, slots: Slots) -> dict[str, Any]:
    return {
        "label": item.label,
        "count": item.count,
        "number": format_number(item.count, locale),
        "wide": item.wide,
        "labels": item.labels,
        "inside": slots.put(item.inside) if item.inside else None,
        "url": f"pages/{item.first}" if item.first else None,
    }


def _summary(lists: Sequence[WrittenPart], locale: str) -> str:
    return ", ".join(f"{item.label} ({format_number(item.count, locale)})" for item in lists if item.count)


def _withheld(column: PersonalColumn, locale: str) -> tuple[str, str]:
    label = column_label(column.table, column.name, locale)
    return label, text(text_code(column.declared.withheld), locale) if column.declared.withheld else ""


def _words(found: Iterable[Declared], locale: str) -> list[str]:
    return [text(text_code(item), locale) for item in found]
