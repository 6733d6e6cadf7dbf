"""Every broken rule is named, and each error says what its answer needs."""

import pytest

from portal.rules.errors import Busy, Denied, PortalError, Problem, RuleBroken, TooMany


def test_all_problems_are_carried() -> None:
    broken = RuleBroken(Problem("email", "email.invalid"), Problem(None, "text.control"))
    assert [problem.code for problem in broken.problems] == ["email.invalid", "text.control"]
    assert str(broken) == "email: email.invalid, -: text.control"


def test_one_problem_with_parameters() -> None:
    (problem,) = RuleBroken.of("password", "password.too_short", minimum=15).problems
    assert problem == Problem("password", "password.too_short", {"minimum": 15})
    assert hash(problem) == hash(Problem("password", "password.too_short"))


def test_a_parameter_may_be_called_field_or_code() -> None:
    (problem,) = RuleBroken.of(None, "postal.city_mismatch", code="00100", field="x").problems
    assert problem.params == {"code": "00100", "field": "x"}


def test_no_problem_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        RuleBroken()


def test_answers_find_what_they_need() -> None:
    assert TooMany(300).retry_after == 300
    assert Busy(2).retry_after == 2
    assert Denied("orders.read").permission == "orders.read"
    assert all(issubclass(kind, PortalError) for kind in (RuleBroken, TooMany, Busy, Denied))
