"""What Article 15(1) demands beside the data, as codes with their words: for the JSON and for the pages alike.

Everything comes from the declarations, the settings of the controller and the texts of the notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import current_app

from portal.models.base import Personal
from portal.models.register import PersonalColumn, unlinked_columns
from portal.rules.context import Context
from portal.rules.formats import format_date_iso
from portal.rules.machine_values import moment
from portal.rules.recipients import Recipient, shown, transfers
from portal.rules.register import Declared, LegalBasis, Origin, Purpose, Retention, Source, Withheld, text_code
from portal.rules.register_labels import column_label, left_out_label, table_label
from portal.rules.texts import text
from portal.rules.texts.notice import OMBUDSMAN_SITE, RIGHTS
from portal.services.data_copy.about import About
from portal.services.data_copy.json_file import SCHEMA, VERSION
from portal.services.data_copy.tables import CopyColumn, CopyTable
from portal.services.register import notice, unreviewed
from portal.services.register.register_parts import Part, uses

Facts = dict[str, Any]
CONTROLLER = (
    *("name", "register_name", "street", "postal_code", "city"),
    *("email", "phone", "business_id", "contact_person"),
)


def facts(context: Context, about: About) -> Facts:
    """Everything before the tables."""
    locale, base_url = about.language, current_app.config["PORTAL_BASE_URL"]
    used = {item: uses(item, [part for part in about.parts if part.category is item]) for item in about.chosen}
    recipients = notice.recipients(context)
    return {
        "$schema": f"{base_url}/static/{SCHEMA}",
        "version": VERSION,
        "language": locale,
        "created_at": moment(about.created_at),
        "customer": str(about.customer_uuid),
        "scope": _scope(about),
        "controller": controller(locale),
        "notice": {
            "version": notice.VERSION,
            "valid_from": format_date_iso(notice.VALID_FROM),
            "url": f"{base_url}/privacy-notice",
        },
        "categories": [
            {
                **_named(category, locale),
                "purposes": list(own.purposes),
                "sources": list(own.sources),
                "retention": list(own.retentions),
            }
            for category, own in used.items()
        ],
        "purposes": [_purpose(item, locale) for item in Purpose if _in(item, (own.purposes for own in used.values()))],
        "legal_bases": [{**_named(item, locale), "article": item.article} for item in LegalBasis],
        "sources": [{**_named(item, locale), "origin": item.origin} for item in Source],
        "origins": [{**_named(item, locale), "portable": item.portable} for item in Origin],
        "retention": [_retention(item, locale) for item in Retention if item is not Retention.EMPLOYMENT],
        "recipients": [text("notice.recipients", locale), text("notice.not_sold", locale)],
        "named_recipients": [_recipient(item, locale) for item in recipients],
        "transfers": text(transfers(recipients), locale),
        "automated_decisions": text("notice.decisions", locale),
        "rights": [text(f"notice.right.{right}", locale) for right in RIGHTS],
        "using_rights": text("notice.using_rights", locale),
        "complaint": {"authority": text("notice.ombudsman", locale), "url": OMBUDSMAN_SITE},
        "withheld": _not_shown(context, about),
    }


def controller(locale: str) -> Facts:
    """Who is responsible, and how to reach them: the settings that are set; the register's name in the language."""
    known = current_app.config["PORTAL_CONTROLLER"]
    told = {name: getattr(known, name) for name in CONTROLLER if name in known.__dataclass_fields__}
    return {name: value for name, value in {**told, "register_name": known.register(locale)}.items() if value}


def table_facts(table: CopyTable, locale: str) -> Facts:
    """What a table is called and what its columns are."""
    return {
        "name": table.name,
        "title": table_label(table.name, locale),
        "file": f"csv/{table.name}.csv",
        "columns": [_column(item, locale) for item in table.columns],
    }


def legal_bases(declared: Personal) -> list[LegalBasis]:
    """On what the use of a column rests."""
    return [basis for basis in LegalBasis if _in(basis, (purpose.legal_bases for purpose in declared.purposes))]


def _column(item: CopyColumn, locale: str) -> Facts:
    named = {"key": item.key, "name": column_label(item.table, item.column.name, locale)}
    if item.declared is None:
        return {**named, "tells_the_row_apart": True}
    return {
        **named,
        "category": item.declared.category,
        "origin": item.declared.origin,
        "purposes": list(item.declared.purposes),
        "legal_bases": legal_bases(item.declared),
        "sources": list(item.declared.category.sources),
        "retention": item.declared.retention,
    }


def _scope(about: About) -> Facts:
    found: Facts = {"kind": "everything" if about.categories is None else "chosen", "categories": about.chosen}
    return {**found, "request": about.reference} if about.reference else found


def _not_shown(context: Context, about: About) -> list[Facts]:
    """What is never shown to anybody, and what was left out of this copy."""
    never = [_withheld(column, about.language) for part in about.parts for column in part.withheld]
    never += [_unlinked(column, about) for column in unlinked_columns() if column.declared.category in about.chosen]
    left_out = [_left_out(part, column, about) for part in about.withheld_parts for column in part.columns]
    return never + left_out + (_unreviewed(context, about) if about.by_self_service else [])


def _unreviewed(context: Context, about: About) -> list[Facts]:
    """What a copy by self-service does not hold because nobody has reviewed it: notes, and files, each named as one."""
    named = unreviewed.held(context, about.customer_id, about.language)
    return [
        {
            **_reasoned(column, Withheld.UNREVIEWED, about.language),
            "part": named[column.table, column.name],
        }
        for part in about.parts
        for column in part.columns
        if (column.table, column.name) in named and part.code not in about.left_out
    ]


def _unlinked(column: PersonalColumn, about: About) -> Facts:
    """A column of a table of which nobody can tell whose it is; `part` is what pages call the table."""
    return {**_withheld(column, about.language), "part": table_label(column.table, about.language)}


def _left_out(part: Part, column: PersonalColumn, about: About) -> Facts:
    """A column of a part that an employee left out; `part` is what pages call all of it."""
    found = _reasoned(column, Withheld(about.left_out[part.code]), about.language)
    return {**found, "part": left_out_label(part.code, about.language)}


def _withheld(column: PersonalColumn, locale: str) -> Facts:
    reason = column.declared.withheld
    if reason is None:
        raise ValueError(f"{column.table}.{column.name} is not withheld.")
    return _reasoned(column, reason, locale)


def _reasoned(column: PersonalColumn, reason: Withheld, locale: str) -> Facts:
    return {
        "table": column.table,
        "column": column.name,
        "name": column_label(column.table, column.name, locale),
        "category": column.declared.category,
        "reason": reason,
        "explanation": text(text_code(reason), locale),
    }


def _purpose(item: Purpose, locale: str) -> Facts:
    explained = text(f"{text_code(item)}.basis", locale)
    return {**_named(item, locale), "explanation": explained, "legal_bases": list(item.legal_bases)}


def _recipient(item: Recipient, locale: str) -> Facts:
    """A company that gets data: its codes, and the same as people read it."""
    return {**item.model_dump(mode="json", exclude_none=True), "described": shown(item, locale)._asdict()}


def _retention(item: Retention, locale: str) -> Facts:
    rule = item.rule
    return {**_named(item, locale), "from": rule.start, "months": rule.months, "days": rule.days}


def _named(code: Declared, locale: str) -> Facts:
    return {"code": code, "name": text(text_code(code), locale)}


def _in(wanted: Any, groups: Iterable[Iterable[Any]]) -> bool:
    return any(wanted in group for group in groups)
