"""The first page of a copy: everything Article 15(1) asks for, the few rows there are, and the way to the many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.models.register import PersonalColumn
from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date, format_datetime, format_number
from portal.rules.register import Category, LegalBasis, Purpose, Retention, text_code
from portal.rules.register_labels import column_label
from portal.rules.shown_values import word
from portal.rules.texts import text
from portal.services.data_copy.about import About
from portal.services.data_copy.facts import CONTROLLER, Facts
from portal.services.data_copy.files import CopiedFile
from portal.services.data_copy.frames import Slots, render
from portal.services.data_copy.pages import WrittenPart
from portal.services.register.register_parts import Part

Rows = list[dict[str, str | None]]


@dataclass(frozen=True)
class Single:
    """A part of which the customer has one row at most: its values as they are read, with their sources."""

    part: Part
    rows: Rows


def index_page(
    about: About,
    facts: Facts,
    singles: Sequence[Single],
    written: Sequence[WrittenPart],
    files: Sequence[CopiedFile],
) -> bytes:
    """Render the page; `facts` are those at the head of the JSON."""
    slots, locale = Slots(), about.language
    values = {
        "facts": facts,
        "about": about,
        "made": format_datetime(about.created_at, locale),
        "categories": [_category(item, about, singles, written, slots) for item in about.chosen],
        "controller": [facts["controller"].get(name) for name in CONTROLLER],
        "files": [
            {"path": item.path, "name": item.name, "when": format_datetime(item.created_at, locale)} for item in files
        ],
        "named": [text(code, locale) for code in ("recipient.roles", "notice.recipients.named")],
        "complaint": text("notice.complaint", locale),
        "withheld": _everything_withheld(facts),
    }
    return render("data_copy/index.html", locale, slots, values)


def _category(
    category: Category, about: About, singles: Sequence[Single], written: Sequence[WrittenPart], slots: Slots
) -> dict[str, Any]:
    locale = about.language
    parts = [part for part in about.parts if part.category is category]
    columns = [column.declared for part in parts for column in (*part.columns, *part.withheld)]
    lists = [item for item in written if item.part.category is category]
    return {
        "code": category.value,
        "label": text(text_code(category), locale),
        "rows": [row for item in singles if item.part.category is category for row in item.rows],
        "lists": [_list(item, locale, slots) for item in lists],
        "summary": _summary(lists, locale),
        "withheld": [_withheld(column, locale) for part in parts for column in part.withheld],
        "purposes": _words(Purpose, [item for column in columns for item in column.purposes], locale),
        "bases": _words(
            LegalBasis,
            [basis for column in columns for purpose in column.purposes for basis in purpose.legal_bases],
            locale,
        ),
        "sources": [text(text_code(item), locale) for item in category.sources],
        "retention": _words(Retention, [column.retention for column in columns], locale),
        "origins": _words(type(columns[0].origin), [column.origin for column in columns], locale),
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


def _words(kind: Any, found: Sequence[Any], locale: str) -> list[str]:
    """The words of these codes, each once, in the order in which they are declared."""
    return [text(text_code(item), locale) for item in kind if item in found]


def source_note(source: str, changed_at: Any, locale: str) -> str:
    """Where a value came from, and when."""
    return f"{word('source', source, locale)}, {format_date(helsinki_date(changed_at), locale)}"
