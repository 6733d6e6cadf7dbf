"""What pages and copies call the parts and columns of the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from babel.lists import format_list

from portal.rules.register import LegalBasis
from portal.rules.texts import TEXTS, text
from portal.rules.texts.fields import label_code


def listed(words: Iterable[str]) -> str:
    """Names in one line: those after the first without their capital, unless it belongs to them ("VAT", "Y-tunnus")."""
    return "; ".join(_inside(word) if place else word for place, word in enumerate(words))


def _inside(word: str) -> str:
    """A name as it stands inside a line. "E-mail" is an ordinary word that has a hyphen after its first letter."""
    return word[:1].lower() + word[1:] if word[1:2].islower() or word.startswith("E-") else word


def article_label(bases: Sequence[LegalBasis], locale: str) -> str:
    """The article of some legal bases, each point once: "GDPR, Article 6(1)(c) and (f)"."""
    points = [text("article.point", locale, point=basis.article[-2]) for basis in bases]
    return text("article.legal_basis", locale, points=format_list(points, locale=locale))


def part_label(category: str, table: str, locale: str) -> str:
    """The name of a part: its own where one table holds several categories, or the table's."""
    own = f"part.{category}.{table}"
    return text(own if own in TEXTS else f"part.{table}", locale)


def table_label(table: str, locale: str) -> str:
    """The name of a whole table."""
    return text(f"part.{table}", locale)


def left_out_label(code: str, locale: str, *, staff: bool = False) -> str:
    """The name of a part that was left out, by its code: its category and what it is called there.

    The customer is spoken to; for employees (`staff`) the same names speak of the customer.
    """
    category, _, table = code.partition(".")
    known = (f"category.{category}", f"part.{table}")
    if not set(known) <= set(TEXTS):
        return code
    if staff:
        own = f"part_staff.{table}"
        part = text(own, locale) if own in TEXTS else part_label(category, table, locale)
        return f"{text(f'request_entry.category.{category}', locale)}: {part}"
    return f"{text(known[0], locale)}: {part_label(category, table, locale)}"


def left_out_lines(left_out: Mapping[str, str] | None, locale: str, *, staff: bool = False) -> list[str]:
    """What a copy leaves out, a line for each part with its reason; for the letter, the employee and the customer."""
    return [
        f"{left_out_label(code, locale, staff=staff)} – {_reason(reason, locale)}"
        for code, reason in sorted((left_out or {}).items())
    ]


def _reason(code: str, locale: str) -> str:
    known = f"left_out.{code}"
    return text(known, locale) if known in TEXTS else code


def column_label(table: str, column: str, locale: str) -> str:
    """The name of a column, as the notice calls it."""
    return text(label_code(table, column), locale)
