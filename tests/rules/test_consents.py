"""What choices amount to: the rules of the law, the switches, and the wording that stands as proof."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.consents import (
    BY_LINK,
    KINDS,
    MARKETING,
    UNSUBSCRIBING_VERSION,
    Action,
    Channel,
    Position,
    Rule,
    action_of,
    is_submission,
    permitted,
    possible,
    read_shown,
    switched_on,
    unsubscribing,
    wording,
    write_shown,
)
from portal.rules.legal_persons import is_legal_person
from portal.rules.texts import LOCALES

ACTIONS = st.lists(st.sampled_from(list(Action)))
RULES = st.sampled_from(list(Rule))
# Whoever changes a wording in any language raises its version in rules/consents.py and writes the new line here.
PROOFS = {
    ("marketing_email", Rule.OPT_IN, 1): "cf3e39309c3ba4a0",
    ("marketing_email", Rule.OPT_OUT, 1): "49f7d6b9870dc7d8",
    ("marketing_sms", Rule.OPT_IN, 1): "d91401fe2d7f571e",
    ("marketing_sms", Rule.OPT_OUT, 1): "7cbd362f260be4cf",
    ("marketing_post", Rule.OPT_OUT, 1): "386f57072c810c31",
    ("marketing_phone", Rule.OPT_OUT, 1): "63b98ecf71b593db",
    ("survey", Rule.OPT_OUT, 1): "bfc59f4d76f2be38",
    ("usage", Rule.OPT_IN, 2): "7f4d6e7969eaaeb4",
    ("personalisation", Rule.OPT_IN, 2): "7893737d48b4e68c",
    # What the links of mails stand for.
    ("marketing_email", None, 2): "91df3427cd6a1b0a",
    ("marketing_sms", None, 2): "12e05229ac9028f9",
    ("usage", None, 2): "9969541e23e9a056",
    ("personalisation", None, 2): "dac343ac7066275a",
}


def digest(words: list[str]) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]


def test_a_person_is_asked_before_electronic_marketing_and_may_forbid_the_rest() -> None:
    rules = {kind.code: kind.rule(legal_person=False) for kind in KINDS.values()}
    assert rules == {
        "marketing_email": Rule.OPT_IN,
        "marketing_sms": Rule.OPT_IN,
        "marketing_post": Rule.OPT_OUT,
        "marketing_phone": Rule.OPT_OUT,
        "survey": Rule.OPT_OUT,
        "usage": Rule.OPT_IN,
        "personalisation": Rule.OPT_IN,
    }


def test_a_legal_person_may_forbid_everything_that_is_sent_and_is_asked_for_nothing_of_it() -> None:
    sent = [kind for kind in KINDS.values() if not kind.of_service]
    assert {kind.rule(legal_person=True) for kind in sent} == {Rule.OPT_OUT}


def test_whoever_uses_the_service_is_asked_first_also_for_a_company() -> None:
    asked = [kind for kind in KINDS.values() if kind.of_service]
    assert {kind.rule(legal_person=legal) for kind in asked for legal in (False, True)} == {Rule.OPT_IN}


def test_every_channel_has_one_kind_of_marketing() -> None:
    assert set(MARKETING) == set(Channel)
    assert all(MARKETING[channel].channel is channel for channel in Channel)


def test_silence_means_the_rule() -> None:
    assert not permitted(Rule.OPT_IN, [])
    assert permitted(Rule.OPT_OUT, [])


@given(RULES)
def test_no_switch_is_on_before_it_was_touched(rule: Rule) -> None:
    assert not switched_on(rule, [])


@given(RULES, ACTIONS)
def test_a_refusal_is_final_until_the_customer_says_otherwise(rule: Rule, before: list[Action]) -> None:
    for refusal in (Action.WITHDRAWN, Action.FORBIDDEN):
        assert not permitted(rule, [*before, refusal])


@given(ACTIONS)
def test_electronic_marketing_needs_a_consent_as_the_latest_word(before: list[Action]) -> None:
    assert permitted(Rule.OPT_IN, before) == (before[-1:] == [Action.GIVEN])


@given(RULES, ACTIONS, st.sampled_from(list(Action)))
def test_only_the_latest_word_counts(rule: Rule, before: list[Action], latest: Action) -> None:
    assert permitted(rule, [*before, latest]) == permitted(rule, [latest])


def test_lifting_a_prohibition_is_no_consent() -> None:
    assert not permitted(Rule.OPT_IN, [Action.GIVEN, Action.FORBIDDEN, Action.ALLOWED])
    assert permitted(Rule.OPT_OUT, [Action.FORBIDDEN, Action.ALLOWED])


@given(RULES, ACTIONS, st.booleans())
def test_a_switch_stands_as_it_was_turned(rule: Rule, before: list[Action], on: bool) -> None:
    after = [*before, action_of(rule, on=on)]
    assert switched_on(rule, after) is on
    assert permitted(rule, after) is (on if rule is Rule.OPT_IN else not on)


@given(RULES, ACTIONS)
def test_an_employee_is_offered_only_what_changes_something_or_says_no(rule: Rule, before: list[Action]) -> None:
    offered = possible(rule, before)
    assert offered
    for action in offered:
        said = permitted(rule, [*before, action])
        assert said is not permitted(rule, before) or action is Action.FORBIDDEN
    if permitted(rule, before):
        assert not any(permitted(rule, [*before, action]) for action in offered)


POSITIONS = st.lists(
    st.builds(
        Position,
        code=st.sampled_from(sorted(KINDS)),
        rule=st.sampled_from([rule.value for rule in Rule]),
        version=st.integers(1, 9999),
        on=st.booleans(),
    ),
    unique_by=lambda position: position.code,
)


@given(st.sampled_from(LOCALES), POSITIONS)
def test_what_a_page_showed_comes_back_as_it_was(locale: str, positions: list[Position]) -> None:
    assert read_shown(write_shown(locale, positions)) == (locale, {item.code: item for item in positions})


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    read = read_shown(text)
    assert read is None or write_shown(read[0], read[1].values()) == text
    assert not is_submission(text) or len(text) == 32


@pytest.mark.parametrize("text", ["", "de;survey:opt_out:1:0", "fi;survey", "fi;survey:opt_out:1:2", "fi;" * 9, "fi;;"])
def test_what_no_page_showed_is_refused(text: str) -> None:
    assert read_shown(text) is None


@pytest.mark.parametrize(("code", "rule", "version"), PROOFS)
def test_a_wording_never_changes_without_its_version(code: str, rule: Rule | None, version: int) -> None:
    if rule is None:
        words = [unsubscribing(BY_LINK[code], locale, "Yhtiö Oy").exact for locale in LOCALES]
        now = UNSUBSCRIBING_VERSION
    else:
        words = [wording(KINDS[code], rule, locale, "Yhtiö Oy").exact for locale in LOCALES]
        now = KINDS[code].version
    assert (now, digest(words)) == (version, PROOFS[code, rule, version])
    assert all("Yhtiö Oy" in said for said in words)
    assert len(set(words)) == len(LOCALES)


def test_every_wording_in_use_is_pinned() -> None:
    rules = {
        (kind.code, kind.rule(legal_person=legal), kind.version) for kind in KINDS.values() for legal in (False, True)
    }
    assert rules | {(code, None, UNSUBSCRIBING_VERSION) for code in BY_LINK} == set(PROOFS)


@pytest.mark.parametrize(
    "name",
    ["Rantaravintola Majakka Oy", "OY Ulkomeri AB", "Skärgårdens Båtservice Ab", "Pohjolan Pursiseura ry",
     "Kalastamo Aalto ja Pojat Ky", "Kiinteistö Oy Venevaja", "Osuuskunta Ahven", "Meri (ry)"],
)  # fmt: skip
def test_a_legal_person_is_known_by_its_form(name: str) -> None:
    assert is_legal_person(name, "2077474-0")
    assert not is_legal_person(name, None)


@pytest.mark.parametrize(
    "name", [None, "", "Tunturin Kalastusopas Tmi", "Toiminimi Aalto Oy:n entinen", "Foxy", "Royal Boats", "Abborre"]
)
def test_a_sole_trader_and_a_name_without_a_form_are_persons(name: str | None) -> None:
    assert not is_legal_person(name, "2077474-0")
