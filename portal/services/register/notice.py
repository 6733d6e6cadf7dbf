"""The privacy notice, generated from the declarations of the columns (REGISTER §4–§6; GDPR Articles 13 and 14).

What is stored, for which purposes, from where and for how long is read from the tables alone. A column that is added
appears in the notice by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from flask import current_app

from portal.models.register import PersonalColumn, concerns_staff_only, personal_columns
from portal.rules.context import Context
from portal.rules.recipients import Recipient
from portal.rules.register import Category, Purpose, Retention, Source
from portal.rules.texts.fields import label_code

VERSION = 2
VALID_FROM = date(2026, 11, 23)


@dataclass(frozen=True)
class Content:
    """One category of data (§5): what it holds, what for, from where and for how long. All of them are codes."""

    category: Category
    fields: tuple[str, ...]
    purposes: tuple[Purpose, ...]
    sources: tuple[Source, ...]
    retentions: tuple[Retention, ...]


@dataclass(frozen=True)
class Notice:
    """What is generated from the declarations. `recipients` tells the companies; the rest of the notice is prose."""

    contents: tuple[Content, ...]
    purposes: tuple[Purpose, ...]
    sources: tuple[Source, ...]


@cache
def _build() -> Notice:
    columns = [column for column in personal_columns() if not concerns_staff_only(column.table)]
    contents = tuple(
        _content(category, [column for column in columns if column.declared.category is category])
        for category in Category
        if any(column.declared.category is category for column in columns)
    )
    return Notice(
        contents=contents,
        purposes=tuple(purpose for purpose in Purpose if any(purpose in item.purposes for item in contents)),
        sources=tuple(source for source in Source if any(source in item.sources for item in contents)),
    )


def notice(context: Context) -> Notice:
    """The notice about customers; what is stored about employees is told to them, not here."""
    return _build()


def categories() -> tuple[Category, ...]:
    """The categories that the notice tells of: something of each can be stored about a customer, and asked for."""
    return tuple(content.category for content in _build().contents)


def recipients(context: Context) -> tuple[Recipient, ...]:
    """The companies that get data, as the settings name them (§7)."""
    named: tuple[Recipient, ...] = current_app.config["PORTAL_RECIPIENTS"]
    return named


def _content(category: Category, columns: list[PersonalColumn]) -> Content:
    labels = (label_code(column.table, column.name) for column in columns)
    return Content(
        category=category,
        fields=tuple(dict.fromkeys(labels)),
        purposes=tuple(item for item in Purpose if any(item in column.declared.purposes for column in columns)),
        sources=category.sources,
        retentions=tuple(item for item in Retention if any(item is column.declared.retention for column in columns)),
    )
