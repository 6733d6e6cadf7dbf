"""The errors of the domain: what a rule, a service or a guard raises, and what the web turns into an answer.

No error carries prose. A :class:`Problem` holds a code of the text catalogue (``portal.rules.texts``) and its
parameters; whoever shows it translates it with the reader's locale.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TypeVar

Value = TypeVar("Value")


@dataclasses.dataclass(frozen=True)
class Problem:
    """One broken rule: its form field (None: the whole form), a text code and the code's parameters."""

    field: str | None
    code: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict, hash=False)


class PortalError(Exception):
    """The root of every error the portal raises on purpose."""


class RuleBroken(PortalError):
    """Input or state breaks one rule or several; all of them are named, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            raise ValueError("RuleBroken needs at least one problem")
        super().__init__(", ".join(f"{problem.field or '-'}: {problem.code}" for problem in problems))
        self.problems: tuple[Problem, ...] = problems

    @classmethod
    def of(cls, field: str | None, code: str, /, **params: object) -> RuleBroken:
        """Return the error for one problem (the common case)."""
        return cls(Problem(field, code, params))


class Problems:
    """Runs checks and gathers what they refuse, so that all of it is told at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def of(self, check: Callable[[], Value], instead: Value) -> Value:
        """Return the value of a check, or `instead` after its problems were noted."""
        try:
            return check()
        except RuleBroken as broken:
            self.found += broken.problems
            return instead

    def refuse(self) -> None:
        """Raise `RuleBroken` with all that was found, if anything was."""
        if self.found:
            raise RuleBroken(*self.found)


class NotFound(PortalError):
    """The thing does not exist, or is not this person's: the two are indistinguishable (SECURITY 33)."""


class Denied(PortalError):
    """A staff member lacks a permission; answered with 403 and an audit entry (SECURITY 30)."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class Stale(PortalError):
    """The row changed after the form was opened; answered with 409 that keeps what was typed.

    `version` is the row's version now: the form that is shown again carries it, so that sending it once
    more counts.
    """

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class TooMany(PortalError):
    """A throttle is full; answered with 429 and ``Retry-After`` in seconds (SECURITY 10-12)."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class Busy(PortalError):
    """A bounded resource (the hashing queue) is full; answered with 503 and ``Retry-After`` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
