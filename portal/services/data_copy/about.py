"""Whom a copy is about and what was asked for: everything that is known before the first row is read."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from portal.models.access_request import AccessRequest
from portal.models.customer import Customer
from portal.models.database import connection
from portal.rules.access_requests import CHOSEN
from portal.rules.clock import helsinki_date
from portal.rules.context import Context
from portal.rules.formats import format_date_iso
from portal.rules.register import Category
from portal.services.data_copy.tables import CopyTable, asked_parts, tables
from portal.services.register.register_parts import Part

SHORT_NAME = 8

# What a copy is called in the customer's folder of downloads: plain letters, for every system's sake.
FILE_NAMES = {"fi": "tiedot", "sv": "uppgifter", "en": "data"}


@dataclass(frozen=True)
class About:
    """The customer, the language, and the scope: `categories` is None for everything, `reference` is the request's;
    `left_out` names the parts of it that an employee left out, each with its reason."""

    customer_id: int
    customer_uuid: uuid.UUID
    language: str
    created_at: datetime
    categories: frozenset[Category] | None
    reference: str | None
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[CopyTable, ...]:
        """What the copy holds."""
        return tables(self.categories, frozenset(self.left_out))

    @property
    def parts(self) -> list[Part]:
        """What was asked for, with what is left out of it."""
        return asked_parts(self.categories)

    @property
    def by_self_service(self) -> bool:
        """Whether nobody reviews the copy before it is handed out."""
        return self.reference is None

    @property
    def withheld_parts(self) -> list[Part]:
        """What is left out."""
        return [part for part in self.parts if part.code in self.left_out]

    @property
    def chosen(self) -> list[Category]:
        """The categories that the copy is about, in the order of the notice."""
        return [item for item in Category if any(part.category is item for part in self.parts)]

    @property
    def file_name(self) -> str:
        """The name of the archive: made by us alone, and without a name of the customer (SECURITY 57)."""
        day = format_date_iso(helsinki_date(self.created_at))
        return f"{FILE_NAMES[self.language]}-{self.customer_uuid.hex[:SHORT_NAME]}-{day}.zip"


def about(context: Context, copy: Row[Any]) -> About:
    """Read whom a row of `data_copy` is about."""
    customer_uuid = connection().execute(select(Customer.uuid).where(Customer.id == copy.customer_id)).scalar_one()
    asked = (
        connection()
        .execute(
            select(AccessRequest.reference, AccessRequest.scope, AccessRequest.categories).where(
                AccessRequest.id == copy.request_id, AccessRequest.customer_id == copy.customer_id
            )
        )
        .first()
    )
    chosen = asked is not None and asked.scope == CHOSEN
    return About(
        customer_id=copy.customer_id,
        customer_uuid=customer_uuid,
        language=copy.language,
        created_at=context.now,
        categories=frozenset(Category(code) for code in asked.categories) if asked is not None and chosen else None,
        reference=asked.reference if asked is not None else None,
        left_out=copy.left_out or {},
    )
