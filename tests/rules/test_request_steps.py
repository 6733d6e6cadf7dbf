"""What a step of an access request demands of the employee, whatever page it was filled in on."""

from dataclasses import replace

import pytest

from portal.rules.access_requests import MOVES, State
from portal.rules.errors import RuleBroken
from portal.rules.request_steps import (
    LEFT_OUT_GROUNDS,
    LONGEST_ITEM,
    LONGEST_REASON,
    MOST_ITEMS,
    SHORTEST_REFUSAL,
    STEPS,
    WITHHOLDINGS,
    Said,
    Typed,
    check,
    steps_from,
    with_grounds_of,
)
from portal.rules.texts import TEXTS

LONG = "Koska pyyntö on jo kolmas samalla viikolla ja aina samoista tiedoista, ja pyytäjä sanoo haittaavansa työtämme."


def broken(step: str, state: State, typed: Typed) -> set[tuple[str | None, str]]:
    with pytest.raises(RuleBroken) as raised:
        check(STEPS[step], state, typed)
    return {(problem.field, problem.code) for problem in raised.value.problems}


def test_every_move_of_an_employee_has_exactly_one_page() -> None:
    for (before, after), move in MOVES.items():
        pages = [
            step
            for step in STEPS.values()
            if any(
                step.leads_to(before, extended=once) is after and step.possible(before, extended=once)
                for once in (False, True)
            )
        ]
        assert len(pages) == ("staff" in move.by), f"{before} → {after}"
        assert all(page.event is move.event for page in pages)


def test_a_state_offers_what_is_possible_and_a_decided_one_nothing() -> None:
    assert [step.name for step in steps_from(State.RECEIVED)] == ["take-up", "identity-question", "withdrawal"]
    waiting = ["identity-confirmed", "extension", "refusal", "withdrawal"]
    assert [step.name for step in steps_from(State.IDENTITY_CHECK)] == waiting
    waiting.remove("extension")
    assert [step.name for step in steps_from(State.IDENTITY_CHECK, extended=True)] == waiting
    for state in (State.ANSWERED, State.PARTLY_ANSWERED, State.REFUSED, State.WITHDRAWN):
        assert steps_from(state) == ()


@pytest.mark.parametrize("step", STEPS)
def test_every_word_of_a_page_is_in_the_catalogue(step: str) -> None:
    found = STEPS[step]
    wanted = {
        "",
        ".lead",
        ".button",
        *(f".ground.{code}" for code in found.grounds),
        *(f".way.{code}" for code in found.ways),
    }
    for name, asks in (("grounds", found.grounds), ("way", found.ways), ("text", found.text)):
        wanted |= {f".{name}", f".{name}_hint"} if asks else set()
    codes = {f"request_step.{step}{name}" for name in wanted}
    codes |= {
        f"request_step.{name}_required.{step}"
        for name, asks in (("grounds", found.grounds), ("way", found.ways))
        if asks
    }
    codes |= {f"request_step.text_required.{step}"} if found.shortest else set()
    assert codes <= set(TEXTS), codes - set(TEXTS)


def test_everything_that_is_missing_is_named_at_once() -> None:
    assert broken("partial-answer", State.IN_PROGRESS, Typed()) == {
        ("grounds", "request_step.grounds_required.partial-answer"),
        ("way", "request_step.way_required.partial-answer"),
        ("text", "request_step.text_required.partial-answer"),
    }


@pytest.mark.parametrize("length", [1, SHORTEST_REFUSAL - 1])
def test_a_refusal_is_explained_in_sentences(length: int) -> None:
    assert broken("refusal", State.IN_PROGRESS, Typed(("excessive",), text="a" * length)) == {
        ("text", "text.too_short")
    }
    assert check(STEPS["refusal"], State.IN_PROGRESS, Typed(("excessive",), text=LONG)).text == LONG


def test_identity_is_a_ground_only_where_it_was_asked_about() -> None:
    typed = Typed(("identity",), text=LONG)
    for state in (State.IN_PROGRESS, State.EXTENDED):
        assert broken("refusal", state, typed) == {("grounds", "request_step.grounds_required.refusal")}
    assert check(STEPS["refusal"], State.IDENTITY_CHECK, typed).grounds == ("identity",)


@pytest.mark.parametrize("grounds", [("unfounded", "excessive"), ("twelve_months",), ("unfounded", "x")])
def test_only_known_grounds_and_one_of_them(grounds: tuple[str, ...]) -> None:
    assert {field for field, _ in broken("refusal", State.IN_PROGRESS, Typed(grounds, text=LONG))} == {"grounds"}


def test_items_are_lines_and_there_is_a_most() -> None:
    def typed(items: str) -> Typed:
        return Typed(("others",), "post", LONG, items)

    said = check(STEPS["partial-answer"], State.EXTENDED, typed("\n  a : b \n\n c\n"))
    assert said.withheld == ("a : b", "c")
    # What the copy leaves out is known without them.
    assert check(STEPS["partial-answer"], State.EXTENDED, typed("")).withheld == ()
    assert broken("partial-answer", State.EXTENDED, typed("a\n" * (MOST_ITEMS + 1))) == {
        ("withheld", "request_step.too_many_items")
    }
    assert broken("partial-answer", State.EXTENDED, typed("a" * (LONGEST_ITEM + 1))) == {
        ("withheld", "request_step.item_too_long")
    }
    assert broken("partial-answer", State.EXTENDED, typed("a\x07b")) == {("withheld", "text.control")}


def test_the_letter_names_every_ground_of_the_copy() -> None:
    assert set(LEFT_OUT_GROUNDS.values()) == set(WITHHOLDINGS)
    said = with_grounds_of(Said(("law",), "post", LONG), ["other_persons"])
    assert said == Said(("others", "law"), "post", LONG)


def test_what_a_step_does_not_ask_for_is_not_kept() -> None:
    typed = Typed(("complex",), "post", LONG, "a")
    said = check(STEPS["extension"], State.IN_PROGRESS, typed)
    assert (said.way, said.withheld) == ("", ())
    assert check(STEPS["take-up"], State.RECEIVED, typed).text == ""
    assert broken("extension", State.IN_PROGRESS, Typed(("complex",), text="a" * (LONGEST_REASON + 1))) == {
        ("text", "text.too_long")
    }


def test_a_late_question_wants_a_reason_of_its_own_and_a_prompt_one_keeps_none() -> None:
    step, typed = STEPS["identity-question"], Typed(("unknown_sender",), "call_back", LONG, late_reason="Kiire.")
    assert check(step, State.RECEIVED, typed).late_reason == ""
    for given, code in (("", "request_step.late_reason_required"), ("Kiire.", "text.too_short")):
        with pytest.raises(RuleBroken) as raised:
            check(step, State.RECEIVED, replace(typed, late_reason=given), late=True)
        assert [(problem.field, problem.code) for problem in raised.value.problems] == [("late_reason", code)]
    reasoned = Typed(("unknown_sender",), "call_back", LONG, late_reason=LONG)
    assert check(step, State.RECEIVED, reasoned, late=True).late_reason == LONG
