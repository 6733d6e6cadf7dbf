"""Access requests: their states, who may change them, and what each change demands (GDPR 12 and 15; notice §10).

Every channel is accepted, and a signature is a condition in none: in the account it is a fresh proof of identity and
the typed name, on paper whatever the customer wrote. Triggers guard the same moves in the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.rules.register import Source


class State(StrEnum):
    """How far a request has come."""

    RECEIVED = "received"
    IDENTITY_CHECK = "identity_check"
    IN_PROGRESS = "in_progress"
    EXTENDED = "extended"
    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly_answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def final(self) -> bool:
        """Say whether nothing more can be decided."""
        return self in FINAL

    @property
    def text_code(self) -> str:
        """Return the catalogue key of the state's word."""
        return f"access_request.state.{self}"


class EventKind(StrEnum):
    """A step on the timeline."""

    RECEIVED = "received"
    TAKEN_UP = "taken_up"
    ASSIGNED = "assigned"
    IDENTITY_ASKED = "identity_asked"
    IDENTITY_CONFIRMED = "identity_confirmed"
    EXTENDED = "extended"
    REMINDED = "reminded"
    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly_answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class LetterKind(StrEnum):
    """What a numbered letter of the controller says."""

    IDENTITY_QUESTION = "identity_question"
    EXTENSION = "extension"
    ANSWER = "answer"
    PARTIAL_ANSWER = "partial_answer"
    REFUSAL = "refusal"


class NoteKind(StrEnum):
    """Who said something, and to whom."""

    INTERNAL = "internal"
    FROM_CUSTOMER = "from_customer"
    TO_CUSTOMER = "to_customer"


class Demand(StrEnum):
    """What must be there before a step is taken."""

    REASON = "reason"
    LETTER = "letter"
    CHECKLIST = "checklist"
    COPY = "copy"
    FIRST_MONTH = "first_month"
    EXTENDED = "extended"
    NOT_EXTENDED = "not_extended"
    LATE_REASON = "late_reason"


@dataclass(frozen=True)
class Move:
    """One allowed change of state: the step it makes on the timeline, by whom (actor kinds), and what it demands."""

    event: EventKind
    by: frozenset[str]
    demands: frozenset[Demand] = frozenset()
    letter: LetterKind | None = None


# An answer was given, in whole or in part.
ANSWERED = (State.ANSWERED, State.PARTLY_ANSWERED)
FINAL = (*ANSWERED, State.REFUSED, State.WITHDRAWN)
_STAFF = frozenset({"staff"})
_EITHER = frozenset({"customer", "staff"})
_WITHDRAW = Move(EventKind.WITHDRAWN, _EITHER)
_ASK = Move(
    EventKind.IDENTITY_ASKED,
    _STAFF,
    # Its own reason only where the question is late (`deadlines.stops_clock`).
    frozenset({Demand.REASON, Demand.LETTER, Demand.LATE_REASON}),
    LetterKind.IDENTITY_QUESTION,
)
# Also while a question about identity is open, which stays open then: the customer is told within one month of receipt
# that the answer takes longer (GDPR 12(3)), whether or not the clock stands still meanwhile.
_EXTEND = Move(
    EventKind.EXTENDED,
    _STAFF,
    frozenset({Demand.REASON, Demand.LETTER, Demand.FIRST_MONTH, Demand.NOT_EXTENDED}),
    LetterKind.EXTENSION,
)
_ANSWER = Move(EventKind.ANSWERED, _STAFF, frozenset({Demand.CHECKLIST, Demand.COPY, Demand.LETTER}), LetterKind.ANSWER)
_PARTLY = Move(
    EventKind.PARTLY_ANSWERED,
    _STAFF,
    frozenset({Demand.CHECKLIST, Demand.COPY, Demand.REASON, Demand.LETTER}),
    LetterKind.PARTIAL_ANSWER,
)
_REFUSE = Move(EventKind.REFUSED, _STAFF, frozenset({Demand.REASON, Demand.LETTER}), LetterKind.REFUSAL)

# A question about identity is prompt (EDPB 01/2022): none is asked after an extension, and it pauses the clock until it
# is answered; a late one needs a reason of its own, and the clock runs on. Whoever does not answer it can be refused
# (GDPR 12(2)), by letter and with reasons.
MOVES: dict[tuple[State, State], Move] = {
    (State.RECEIVED, State.IN_PROGRESS): Move(EventKind.TAKEN_UP, _STAFF),
    (State.RECEIVED, State.IDENTITY_CHECK): _ASK,
    (State.RECEIVED, State.WITHDRAWN): _WITHDRAW,
    (State.IDENTITY_CHECK, State.IDENTITY_CHECK): _EXTEND,
    (State.IDENTITY_CHECK, State.IN_PROGRESS): Move(
        EventKind.IDENTITY_CONFIRMED, _STAFF, frozenset({Demand.REASON, Demand.NOT_EXTENDED})
    ),
    (State.IDENTITY_CHECK, State.EXTENDED): Move(
        EventKind.IDENTITY_CONFIRMED, _STAFF, frozenset({Demand.REASON, Demand.EXTENDED})
    ),
    (State.IDENTITY_CHECK, State.REFUSED): _REFUSE,
    (State.IDENTITY_CHECK, State.WITHDRAWN): _WITHDRAW,
    (State.IN_PROGRESS, State.IDENTITY_CHECK): _ASK,
    (State.IN_PROGRESS, State.EXTENDED): _EXTEND,
    (State.IN_PROGRESS, State.ANSWERED): _ANSWER,
    (State.IN_PROGRESS, State.PARTLY_ANSWERED): _PARTLY,
    (State.IN_PROGRESS, State.REFUSED): _REFUSE,
    (State.IN_PROGRESS, State.WITHDRAWN): _WITHDRAW,
    (State.EXTENDED, State.ANSWERED): _ANSWER,
    (State.EXTENDED, State.PARTLY_ANSWERED): _PARTLY,
    # The extension is for an answer: a refusal is due within the first month (12(4)), and later it is late, not barred.
    (State.EXTENDED, State.REFUSED): _REFUSE,
    (State.EXTENDED, State.WITHDRAWN): _WITHDRAW,
}

# What the customer wants to see.
EVERYTHING = "everything"
CHOSEN = "chosen"
SCOPES = (EVERYTHING, CHOSEN)
# How the copy reaches the customer.
DELIVERIES = ("portal", "post", "pick_up")
# How a letter goes out on paper: with the copy by post or from the shop, or alone by post.
ALONE = "letter"
ON_PAPER = ("post", "pick_up", ALONE)
# How the request came.
CHANNELS = (Source.ACCOUNT, Source.LETTER, Source.EMAIL, Source.PHONE, Source.IN_STORE)
# Sources outside the system that are searched before an answer is closed (register notice §10).
CHECKLIST = ("mailbox", "paper", "till")
REFERENCE_PREFIX = "TP"
LETTER_PREFIX = "K"
LONGEST_TEXT = 4000
LONGEST_SEARCH_NOTE = 1000


def move(before: State, after: State) -> Move | None:
    """Return the change of state, or None where it is not allowed."""
    return MOVES.get((before, after))
