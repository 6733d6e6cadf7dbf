"""Choices that customers make themselves: on the own page, by the link of a mail, and by joining two records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from portal.rules.consents import KINDS, UNSUBSCRIBING_VERSION, Action, Kind, action_of, unsubscribing
from portal.rules.context import ANONYMOUS, Context
from portal.rules.register import Source
from portal.services.choices import consent_events, consents
from portal.services.choices.consent_events import REFUSALS, Said


def decide(context: Context, customer_id: int, wanted: Mapping[str, bool], shown: str, submission: str) -> list[str]:
    """Store every switch that was turned since the page was shown. Returns the codes of their kinds.

    `shown` says how the page showed the switches and `submission` is its random name: another tab's choice of another
    switch stays, and the same form sent twice counts once. Raises `RuleBroken` when the page was out of date.
    """
    person = consent_events.lock(customer_id).id
    language, positions = consent_events.as_shown(shown, submission, consents.rules_of(context, person))
    switches = {item.kind.code: item for item in consents.read(context, person, language).switches}
    turned = {
        code: action_of(item.rule, on=wanted[code])
        for code, item in switches.items()
        if wanted[code] is not positions[code].on
    }
    if not consent_events.was_sent(person, submission, turned):
        for code, action in turned.items():
            item = switches[code]
            said = Said(language, item.wording.exact, item.kind.version)
            consent_events.append(context, person, item.kind, action, said, submission)
    return list(turned)


def unsubscribe(context: Context, customer_id: int, kind: Kind, locale: str) -> None:
    """End what the link of a mail is about, a kind of `BY_LINK`: the consent is withdrawn, or it is forbidden.

    Whoever holds the link may do it, so nobody is taken to be logged in. A second time changes nothing.
    """
    person = consent_events.lock(customer_id).id
    latest = consent_events.latest(person, kind)
    if latest is not None and latest.action in REFUSALS:
        return
    action = Action.WITHDRAWN if latest is not None and latest.action == Action.GIVEN else Action.FORBIDDEN
    words = unsubscribing(kind, locale, consents.controller_name())
    by_mail = replace(context, actor=ANONYMOUS, source=Source.EMAIL)
    consent_events.append(by_mail, person, kind, action, Said(locale, words.exact, UNSUBSCRIBING_VERSION))


def carry_over(context: Context, earlier_id: int, owner_id: int) -> None:
    """Make what was refused on a record that is joined to another hold for the other: the strictest wins.

    A consent is not carried over, for it was given for one record.
    """
    for kind in KINDS.values():
        earlier = consent_events.latest(earlier_id, kind)
        own = consent_events.latest(owner_id, kind)
        if earlier is None or earlier.action not in REFUSALS or (own is not None and own.action in REFUSALS):
            continue
        said = Said(earlier.language, earlier.wording, earlier.wording_version)
        carried = replace(context, source=Source.CONTROLLER)
        consent_events.append(carried, owner_id, kind, Action(earlier.action), said)
