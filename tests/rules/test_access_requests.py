"""The moves of an access request: nothing leaves a decision, and everything open can end."""

import pytest

from portal.rules.access_requests import FINAL, MOVES, Demand, EventKind, State, move
from portal.rules.texts import TEXTS


@pytest.mark.parametrize("state", list(State))
def test_a_decided_request_moves_nowhere_and_an_open_one_can_end(state: State) -> None:
    onward = {after for before, after in MOVES if before is state}
    assert state.final is (not onward)
    if not state.final:
        assert State.WITHDRAWN in onward
        assert onward & {State.REFUSED, State.IN_PROGRESS}


def test_customers_may_withdraw_and_nothing_else() -> None:
    assert {after for (_, after), found in MOVES.items() if "customer" in found.by} == {State.WITHDRAWN}


def test_only_known_moves_are_allowed() -> None:
    assert move(State.RECEIVED, State.ANSWERED) is None
    assert move(State.EXTENDED, State.IDENTITY_CHECK) is None
    assert all(move(final, after) is None for final in FINAL for after in State)


def test_what_the_law_demands_of_each_decision() -> None:
    for (_, after), found in MOVES.items():
        if after in (State.REFUSED, State.PARTLY_ANSWERED, State.IDENTITY_CHECK) or found.event is EventKind.EXTENDED:
            assert {Demand.REASON, Demand.LETTER} <= found.demands
        if after in (State.ANSWERED, State.PARTLY_ANSWERED):
            assert {Demand.CHECKLIST, Demand.COPY} <= found.demands
        if found.event is EventKind.EXTENDED:
            assert {Demand.FIRST_MONTH, Demand.NOT_EXTENDED} <= found.demands
        assert (Demand.LETTER in found.demands) is (found.letter is not None)


def test_every_code_has_its_words() -> None:
    codes = [state.text_code for state in State] + [f"access_request.event.{kind}" for kind in EventKind]
    assert set(codes) <= set(TEXTS)
