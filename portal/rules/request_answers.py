"""What a person answers about an access request: how much, which wishes, how to be reached, how the copy comes.

Everything is accepted that can be acted on: no reason is asked for, and wishes may be left empty (GDPR 12(2), 15).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from portal.rules.access_requests import CHOSEN, DELIVERIES, EVERYTHING, SCOPES
from portal.rules.clean_text import clean_block, clean_line
from portal.rules.errors import Problem, RuleBroken
from portal.rules.register import Category

LONGEST_WISHES = 2000
LONGEST_CONTACT = 300
Value = TypeVar("Value")


class ContactBy(StrEnum):
    """By what the person wants to be reached about the request."""

    EMAIL = "email"
    PHONE = "phone"
    POST = "post"
    OTHER = "other"


@dataclass(frozen=True)
class Answers:
    """The answers. `contact` is the address, number or other way itself."""

    scope: str = EVERYTHING
    categories: tuple[str, ...] = ()
    wishes: str = ""
    contact: str = ""
    delivery: str = "portal"


def check_scope(scope: str) -> str:
    """Return the scope; RuleBroken when none was chosen."""
    if scope not in SCOPES:
        raise RuleBroken.of("scope", "access_request.scope_required")
    return scope


def check_categories(categories: tuple[str, ...], choosable: tuple[Category, ...]) -> tuple[str, ...]:
    """Return the chosen categories in the order of the notice, whose categories are `choosable`, each once; RuleBroken
    when there is none."""
    chosen = tuple(category.value for category in choosable if category in categories)
    if not chosen or len(chosen) < len(set(categories)):
        raise RuleBroken.of("categories", "access_request.categories_required")
    return chosen


def check_wishes(wishes: str) -> str:
    """Return the wishes cleaned; they may be empty."""
    return clean_block(wishes, LONGEST_WISHES, "wishes")


def check_contact(contact: str) -> str:
    """Return the way to reach the person cleaned; it may be empty where another way is known."""
    return clean_line(contact, LONGEST_CONTACT, "contact")


def check_delivery(delivery: str) -> str:
    """Return how the copy comes; RuleBroken when nothing was chosen."""
    if delivery not in DELIVERIES:
        raise RuleBroken.of("delivery", "access_request.delivery_required")
    return delivery


def checked(answers: Answers, choosable: tuple[Category, ...]) -> Answers:
    """Return the answers cleaned; `choosable` are the categories of the notice.

    Raises `RuleBroken` naming everything that is wrong.
    """
    problems: list[Problem] = []

    def attempt(check: Callable[[Value], Value], given: Value) -> Value:
        try:
            return check(given)
        except RuleBroken as broken:
            problems.extend(broken.problems)
            return given

    def among(given: tuple[str, ...]) -> tuple[str, ...]:
        return check_categories(given, choosable)

    found = Answers(
        scope=attempt(check_scope, answers.scope),
        categories=attempt(among, answers.categories) if answers.scope == CHOSEN else (),
        wishes=attempt(check_wishes, answers.wishes),
        contact=attempt(check_contact, answers.contact),
        delivery=attempt(check_delivery, answers.delivery),
    )
    if problems:
        raise RuleBroken(*problems)
    return found
