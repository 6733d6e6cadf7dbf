"""The written request itself: the exact words that are shown, signed, stored and digested.

The words are composed from the answers in the language of the page; name, time and number are added by the signature.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from portal.rules.access_requests import CHOSEN
from portal.rules.formats import NBSP, format_datetime
from portal.rules.request_answers import Answers
from portal.rules.texts import text


@dataclass(frozen=True)
class Asker:
    """Who asks, as the register knows them, and of whom: the controller and the name of the register. `address` is
    where the post goes."""

    name: str
    known_as: str
    controller: str
    register: str
    address: str = ""


def compose(asker: Asker, answers: Answers, locale: str) -> str:
    """Return the words of the request as they are shown before the signature."""
    lines = [
        text("access_request.statement.title", locale),
        "",
        text("access_request.statement.demand", locale, controller=asker.controller, register=asker.register),
        "",
        _line("asker", ", ".join(part for part in (asker.name, asker.known_as) if part), locale),
        _line("scope", text(f"access_request.scope.{answers.scope}", locale), locale),
    ]
    if answers.scope == CHOSEN:
        lines += [f"- {text(f'category.{category}', locale)}" for category in answers.categories]
    if answers.wishes:
        lines.append(_line("wishes", answers.wishes, locale))
    if answers.contact:
        lines.append(_line("contact", answers.contact, locale))
    lines.append(_line("delivery", delivered(answers.delivery, asker.address, locale), locale))
    return "\n".join(lines)


def delivered(delivery: str, address: str, locale: str) -> str:
    """Return how the copy comes, with the address where it is posted to one that is known."""
    way = text(f"access_request.delivery.{delivery}", locale)
    return f"{way}: {address}" if delivery == "post" and address else way


def place(street: str | None, postal_code: str | None, city: str | None) -> str:
    """Return a postal address in one line; empty where street or place is missing."""
    found = " ".join(part for part in (postal_code, city) if part)
    return f"{street}, {found}" if street and found else ""


def signed(statement: str, name: str, moment: datetime, reference: str, locale: str) -> str:
    """Return the request as it was signed: its words, then the name, the moment and the number."""
    # Spaces that anybody types: who computes the check sum again may have copied the words.
    signature = (
        _line("signature", name, locale),
        _line("signed_at", format_datetime(moment, locale).replace(NBSP, " "), locale),
        _line("reference", reference, locale),
    )
    return "\n".join((statement, "", *signature))


def digest(statement: str) -> str:
    """Return the SHA-256 of a statement's UTF-8, by which anybody can prove that not a letter was changed."""
    return hashlib.sha256(statement.encode()).hexdigest()


def _line(code: str, value: str, locale: str) -> str:
    return text(f"access_request.statement.{code}", locale, value=value)
