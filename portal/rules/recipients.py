"""To whom data go by name (Articles 13(1)(e)–(f), 15(1)(c), 30(1)(d)–(e); REGISTER §7–8).

The operator lists the companies in one setting, as JSON. Roles, tasks and safeguards are codes with texts in three
languages, so that the notice is whole in each of them; a country outside the EEA is refused without its safeguard.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from babel.lists import format_list
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from portal.rules.countries import EEA, country_codes, country_name
from portal.rules.register import Purpose, text_code
from portal.rules.register_labels import listed
from portal.rules.texts import text


class Role(StrEnum):
    """Who answers for the use of the data: a processor acts for us (Article 28), a controller for itself."""

    PROCESSOR = "processor"
    CONTROLLER = "controller"


class Task(StrEnum):
    """What a recipient does with the data."""

    HOSTING = "hosting"
    MAINTENANCE = "maintenance"
    MAIL = "mail"
    PRINTING = "printing"
    CUSTOMER_SERVICE = "customer_service"
    DELIVERY = "delivery"
    PAYMENT = "payment"
    DEBT_COLLECTION = "debt_collection"
    ACCOUNTING = "accounting"
    MARKETING = "marketing"
    SURVEYS = "surveys"


class Safeguard(StrEnum):
    """What protects data outside the EEA (Articles 45, 46(2)(c) and 47)."""

    ADEQUACY = "adequacy"
    STANDARD_CLAUSES = "standard_clauses"
    BINDING_RULES = "binding_rules"


def _country(code: str) -> str:
    if code not in country_codes():
        raise ValueError("a country is a code of two letters, such as FI")
    return code


Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]


class Recipient(BaseModel):
    """One company. `purposes` are those of the register for which it gets data; `country` is where the data go."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    role: Role
    tasks: tuple[Task, ...] = Field(min_length=1)
    purposes: tuple[Purpose, ...] = Field(min_length=1)
    country: Annotated[str, AfterValidator(_country)]
    safeguard: Safeguard | None = None

    @property
    def outside_eea(self) -> bool:
        """Whether the data leave the European Economic Area."""
        return self.country not in EEA

    @model_validator(mode="after")
    def _has_its_safeguard(self) -> Self:
        if self.outside_eea and self.safeguard is None:
            raise ValueError(f"{self.country} is outside the EEA: name the safeguard, {', '.join(Safeguard)}")
        if self.safeguard is not None and not self.outside_eea:
            raise ValueError(f"{self.country} is in the EEA: a safeguard belongs to countries outside it")
        return self


_LIST = TypeAdapter(tuple[Recipient, ...])


def parse(written: str) -> tuple[Recipient, ...]:
    """The recipients of a JSON list; none for an empty text. Raises `ValueError` naming everything that is wrong."""
    if not written.strip():
        return ()
    try:
        return _LIST.validate_json(written)
    except ValidationError as error:
        problems = [f"{_place(item['loc'])}{item['msg'].removeprefix('Value error, ')}" for item in error.errors()]
        raise ValueError("\n- ".join(problems)) from None


def _place(location: tuple[int | str, ...]) -> str:
    """Where in the list it is, counted as people count: ``2 country:``."""
    steps = [str(step + 1) if isinstance(step, int) else step for step in location]
    return f"{' '.join(steps)}: " if steps else ""


class ShownRecipient(NamedTuple):
    """A recipient in the words of one language; `safeguard` is empty within the EEA."""

    name: str
    role: str
    tasks: str
    purposes: str
    country: str
    safeguard: str


def shown(recipient: Recipient, locale: str) -> ShownRecipient:
    """What pages and copies say about a recipient."""
    country, safeguard = country_name(recipient.country, locale), ""
    if recipient.safeguard is not None:
        country = text("recipient.outside_eea", locale, country=country)
        safeguard = text(f"recipient.safeguard.{recipient.safeguard}", locale)
    return ShownRecipient(
        name=recipient.name,
        role=text(f"recipient.role.{recipient.role}", locale),
        tasks=listed(text(f"recipient.task.{task}", locale) for task in recipient.tasks),
        purposes=listed(text(text_code(purpose), locale) for purpose in recipient.purposes),
        country=country,
        safeguard=safeguard,
    )


def given_to(purposes: Collection[str], recipients: Iterable[tuple[str, Collection[str]]], locale: str) -> str:
    """Who gets data of these purposes: our own employees, and the recipients (each a name and its purposes) that get
    data for one of them. Nobody else is named, so that the sentence is true of each category by itself."""
    names = [name for name, own in recipients if any(purpose in own for purpose in purposes)]
    if not names:
        return text("recipient.employees_only", locale)
    return text("recipient.employees_and", locale, names=format_list(names, locale=locale))


def transfers(recipients: tuple[Recipient, ...]) -> str:
    """The code of the sentence about countries outside the EEA that is true of these recipients (§8)."""
    return "notice.transfers.named" if any(item.outside_eea for item in recipients) else "notice.transfers"
