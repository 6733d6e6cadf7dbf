"""Everybody who may come to the door, and how each is expected to be answered according to the declaration alone."""

from dataclasses import dataclass
from typing import Literal

from portal.rules.staff_roles import GRANTED, Role
from portal.web.access import Access

Outcome = Literal[
    "served",
    "to the log-in",
    "to the confirmation",
    "to the staff log-in",
    "to the second factor",
    "to the staff confirmation",
    "forbidden",
    "hidden",
]


@dataclass(frozen=True)
class Person:
    """One kind of visitor. `area` is the area whose session cookie the browser holds."""

    name: str
    area: Literal["", "customer", "staff"] = ""
    # The session belongs to an account that has been disabled, or to an employment that is over.
    ended: Literal["", "disabled", "employment"] = ""
    fresh: bool = True
    role: str = ""
    second_factor: bool = True

    @property
    def inside(self) -> bool:
        """Whether the session counts."""
        return bool(self.area) and not self.ended


ANONYMOUS = Person("anonymous")
CUSTOMER = Person("customer", "customer")
STALE = Person("customer, not fresh", "customer", fresh=False)
HALF_WAY = Person("staff without second factor", "staff", role=Role.ADMINISTRATOR, second_factor=False)
STALE_STAFF = Person("staff, not fresh", "staff", fresh=False, role=Role.ADMINISTRATOR)
ROLES = tuple(Person(f"staff: {role}", "staff", role=role) for role in Role)
PEOPLE = (
    ANONYMOUS,
    CUSTOMER,
    STALE,
    Person("disabled customer", "customer", ended="disabled"),
    *ROLES,
    STALE_STAFF,
    HALF_WAY,
    Person("disabled staff", "staff", ended="disabled", role=Role.ADMINISTRATOR),
    Person("staff whose employment is over", "staff", ended="employment", role=Role.ADMINISTRATOR),
)


def expected(access: Access, person: Person) -> Outcome:
    """What the declaration promises this person (SECURITY 24, 26, 29, 30)."""
    if access.kind in ("public", "one_click_token", "staff_area_open"):
        return "served"
    if access.kind in ("customer", "customer_fresh"):
        return _in_customer_area(access, person)
    return _in_staff_area(access, person)


def insider(access: Access) -> Person:
    """Somebody whom the declaration lets in."""
    return next(person for person in (ANONYMOUS, CUSTOMER, *ROLES, HALF_WAY) if _meant_for(access, person))


def _meant_for(access: Access, person: Person) -> bool:
    if access.kind == "staff_first_factor":
        return person is HALF_WAY
    return expected(access, person) == "served"


def _in_customer_area(access: Access, person: Person) -> Outcome:
    if not (person.inside and person.area == "customer"):
        return "to the log-in"
    if access.kind == "customer_fresh" and not person.fresh:
        return "to the confirmation"
    return "served"


def _in_staff_area(access: Access, person: Person) -> Outcome:
    if person.area != "staff":
        return "hidden"
    if not person.inside:
        return "to the staff log-in"
    if access.kind == "staff_first_factor":
        return "served"
    if not person.second_factor:
        return "to the second factor"
    granted = {str(permission) for permission in GRANTED[Role(person.role)]}
    if access.permission not in granted:
        return "forbidden"
    return "to the staff confirmation" if access.kind == "staff_fresh" and not person.fresh else "served"
