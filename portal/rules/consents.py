"""Consents and prohibitions: what can be chosen, which rule applies, and what a customer's choices amount to.

Electronic direct marketing to a person needs a consent before; post, phone and surveys are allowed until they are
forbidden, and so is e-mail to a legal person (917/2014 s. 200–203; GDPR 21). The exception for own similar products is
not used: a purchase is no consent. Statistics of how the service is used need the consent of whoever uses it, also for
a company (917/2014 s. 205), and so do suggestions that are derived from purchases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.rules.texts import LOCALES, text


class Channel(StrEnum):
    """By what a customer is reached."""

    EMAIL = "email"
    SMS = "sms"
    POST = "post"
    PHONE = "phone"


class Rule(StrEnum):
    """What holds before the customer has said anything."""

    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"


class Action(StrEnum):
    """What a customer did. `ALLOWED` withdraws a prohibition; it gives no consent."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"


@dataclass(frozen=True)
class Kind:
    """One thing to choose. `channel` is that of direct marketing, else None; `of_service` marks what this service does
    for whoever uses it; `version` is that of the wording in every language."""

    code: str
    channel: Channel | None
    person: Rule
    legal_person: Rule
    version: int
    of_service: bool = False

    def rule(self, *, legal_person: bool) -> Rule:
        """Return the rule for this sort of customer."""
        return self.legal_person if legal_person else self.person


@dataclass(frozen=True)
class Wording:
    """What a switch says: its name, and the sentences below it. `exact` is what is stored as proof."""

    label: str
    text: str

    @property
    def exact(self) -> str:
        """Return all of it as one text."""
        return f"{self.label}\n{self.text}"


@dataclass(frozen=True)
class Position:
    """How one switch stood when its page was shown."""

    code: str
    rule: str
    version: int
    on: bool


SURVEY = "survey"
USAGE = "usage"
PERSONALISATION = "personalisation"
KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("marketing_email", Channel.EMAIL, Rule.OPT_IN, Rule.OPT_OUT, version=1),
        Kind("marketing_sms", Channel.SMS, Rule.OPT_IN, Rule.OPT_OUT, version=1),
        Kind("marketing_post", Channel.POST, Rule.OPT_OUT, Rule.OPT_OUT, version=1),
        Kind("marketing_phone", Channel.PHONE, Rule.OPT_OUT, Rule.OPT_OUT, version=1),
        Kind(SURVEY, None, Rule.OPT_OUT, Rule.OPT_OUT, version=1),
        Kind(USAGE, None, Rule.OPT_IN, Rule.OPT_IN, version=2, of_service=True),
        Kind(PERSONALISATION, None, Rule.OPT_IN, Rule.OPT_IN, version=2, of_service=True),
    )
}
MARKETING: dict[Channel, Kind] = {kind.channel: kind for kind in KINDS.values() if kind.channel is not None}
# What needs a consent before: it is taken back with the link of a mail, without logging in.
BY_LINK: dict[str, Kind] = {code: kind for code, kind in KINDS.items() if kind.person is Rule.OPT_IN}
UNSUBSCRIBING_VERSION = 2
_SUBMISSION = re.compile(r"[0-9a-f]{32}")
_POSITION = re.compile(r"([a-z_]{1,30}):([a-z_]{1,10}):([0-9]{1,4}):([01])")


def permitted(rule: Rule, actions: Sequence[str]) -> bool:
    """Say whether the choices, oldest first, allow the use. The latest word counts, and silence means the rule."""
    latest = actions[-1] if actions else None
    if latest == Action.GIVEN:
        return True
    if latest in (Action.WITHDRAWN, Action.FORBIDDEN):
        return False
    return rule is Rule.OPT_OUT


def switched_on(rule: Rule, actions: Sequence[str]) -> bool:
    """Say how the switch stands: on means a consent given, or a prohibition made. None is on before it was touched."""
    return permitted(rule, actions) is (rule is Rule.OPT_IN)


def action_of(rule: Rule, *, on: bool) -> Action:
    """Return what turning the switch means."""
    if rule is Rule.OPT_IN:
        return Action.GIVEN if on else Action.WITHDRAWN
    return Action.FORBIDDEN if on else Action.ALLOWED


def possible(rule: Rule, actions: Sequence[str]) -> tuple[Action, ...]:
    """Return what an employee may write down on the customer's word, as things stand."""
    if rule is Rule.OPT_OUT:
        return (Action.FORBIDDEN,) if permitted(rule, actions) else (Action.ALLOWED,)
    if permitted(rule, actions):
        return (Action.WITHDRAWN,)
    refused = bool(actions) and actions[-1] in (Action.WITHDRAWN, Action.FORBIDDEN)
    return (Action.GIVEN,) if refused else (Action.GIVEN, Action.FORBIDDEN)


def wording(kind: Kind, rule: Rule, locale: str, controller: str) -> Wording:
    """Return what the switch says in a language; `controller` is the company that asks."""
    code = f"consent.{kind.code}.{rule}"
    return Wording(text(f"{code}.label", locale), text(f"{code}.text", locale, controller=controller))


def unsubscribing(kind: Kind, locale: str, controller: str) -> Wording:
    """Return what the one-click link of a mail about a kind of `BY_LINK` stands for."""
    code = f"consent.unsubscribe.{kind.code}"
    return Wording(text(f"{code}.label", locale), text(f"{code}.text", locale, controller=controller))


def write_shown(locale: str, positions: Iterable[Position]) -> str:
    """Return how a page showed its switches, for its form to carry along."""
    return ";".join([locale, *(f"{item.code}:{item.rule}:{item.version}:{item.on:d}" for item in positions)])


def read_shown(shown: str) -> tuple[str, dict[str, Position]] | None:
    """Return the language and the positions by code, or None for what `write_shown` could not have written."""
    locale, *written = shown.split(";")
    found = [_POSITION.fullmatch(item) for item in written]
    if locale not in LOCALES or len(written) > len(KINDS) or not all(found):
        return None
    return locale, {item[1]: Position(item[1], item[2], int(item[3]), item[4] == "1") for item in found if item}


def is_submission(name: str) -> bool:
    """Say whether a text can be the random name of a form that was shown once."""
    return _SUBMISSION.fullmatch(name) is not None
