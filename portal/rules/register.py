"""The vocabulary of the executable register notice: what columns, values and requests are declared with.

Codes and durations only. The prose of every code stands in ``texts/register.py`` under ``<kind>.<code>``
(``category.identity``), and :func:`text_code` builds that key. Sections (§) are those of the register
notice in REGISTER.md; articles are of the GDPR.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What kind of information a personal column is (§5)."""

    IDENTITY = "identity"
    CONTACT = "contact"
    COMPANY = "company"
    ACCOUNT = "account"
    PURCHASE = "purchase"
    ORDER_ADDRESS = "order_address"
    INTERESTS = "interests"
    DERIVED = "derived"
    USAGE = "usage"
    CONTACT_HISTORY = "contact_history"
    MESSAGES = "messages"
    CHOICES = "choices"
    REQUESTS = "requests"
    SECURITY_LOG = "security_log"
    PROOF = "proof"
    STAFF = "staff"

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return where data of this category come from (§6); a source that nothing feeds yet is not named."""
        return _SOURCES[self]

    @property
    def origin(self) -> Origin:
        """Return how most values of this category came to be; a column that differs says so itself."""
        return _ORIGINS[self]


class LegalBasis(StrEnum):
    """Why processing is lawful (Article 6(1))."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGITIMATE_INTEREST = "legitimate_interest"

    @property
    def article(self) -> str:
        """Return the point of the GDPR, for example ``6(1)(b)``."""
        return _ARTICLES[self]


class Purpose(StrEnum):
    """What personal data are used for (§4, and the duties that today's law adds)."""

    ORDERS = "orders"
    INVOICING = "invoicing"
    CUSTOMER_CARE = "customer_care"
    CUSTOMER_INFORMATION = "customer_information"
    MARKETING = "marketing"
    PERSONALISATION = "personalisation"
    SERVICE_IMPROVEMENT = "service_improvement"
    ACCOUNT_SECURITY = "account_security"
    ACCOUNTABILITY = "accountability"

    @property
    def legal_bases(self) -> tuple[LegalBasis, ...]:
        """Return the bases of the purpose, main one first; ``purpose.<code>.basis`` is their text."""
        return _LEGAL_BASES[self]


class Source(StrEnum):
    """Where a value came from (§6; Articles 14(2)(f) and 15(1)(g))."""

    REGISTRATION = "registration"
    ORDER = "order"
    ACCOUNT = "account"
    PHONE = "phone"
    EMAIL = "email"
    IN_STORE = "in_store"
    LETTER = "letter"
    ADDRESS_REGISTER = "address_register"
    AUTOMATIC = "automatic"
    CONTROLLER = "controller"

    @property
    def origin(self) -> Origin:
        """Return what a value from this source is under Article 20: what others told or we made is not portable."""
        if self is Source.AUTOMATIC:
            return Origin.OBSERVED
        return Origin.DERIVED if self in (Source.CONTROLLER, Source.ADDRESS_REGISTER) else Origin.PROVIDED


# A contact of the customer through which a member of staff may write a value down.
STAFF_SOURCES = (Source.PHONE, Source.EMAIL, Source.IN_STORE, Source.LETTER)


class Origin(StrEnum):
    """How a value came to be (Article 20 covers what was provided and observed, never what was derived)."""

    PROVIDED = "provided"
    OBSERVED = "observed"
    DERIVED = "derived"

    @property
    def portable(self) -> bool:
        """Say whether the right to data portability covers such a value."""
        return self is not Origin.DERIVED


class Start(StrEnum):
    """The event from which a retention period is counted."""

    CREATED = "created"
    LAST_USE = "last_use"
    LAST_ACTIVITY = "last_activity"
    ACCOUNT_CLOSED = "account_closed"
    MATTER_CLOSED = "matter_closed"
    PROHIBITION_WITHDRAWN = "prohibition_withdrawn"
    EMPLOYMENT_ENDED = "employment_ended"
    CALENDAR_YEAR_OF_FINANCIAL_YEAR_END = "calendar_year_of_financial_year_end"
    FINANCIAL_YEAR_END = "financial_year_end"


class Retention(StrEnum):
    """How long a value is kept; the counting is in ``retention.py``."""

    CUSTOMER_RELATION = "customer_relation"
    ACCOUNT = "account"
    BOOKKEEPING = "bookkeeping"
    BOOKS_10 = "books_10"
    LEGAL_CLAIMS = "legal_claims"
    PROHIBITION = "prohibition"
    CONSENT = "consent"
    EMPLOYMENT = "employment"
    MESSAGES = "messages"
    USAGE = "usage"
    AUDIT_LOG = "audit_log"
    SECURITY_LOG = "security_log"
    SESSION = "session"
    SHORT = "short"

    @property
    def rule(self) -> RetentionRule:
        """Return the duration and the event that starts it."""
        return _RETENTION_RULES[self]


@dataclass(frozen=True)
class RetentionRule:
    """A retention period: calendar months and days after an event. Both zero: it ends with the event."""

    start: Start
    months: int = 0
    days: int = 0


class Erasure(StrEnum):
    """What the erasure of a person does to a value (Article 17; decision 10)."""

    DELETE_ROW = "delete_row"
    CLEAR = "clear"
    ANONYMISE = "anonymise"
    KEEP_BOOKKEEPING = "keep_bookkeeping"
    KEEP_LEGAL_CLAIMS = "keep_legal_claims"
    KEEP_LOG = "keep_log"

    @property
    def keeps(self) -> bool:
        """Say whether the value outlives the erasure, behind a lock that the answer must name (17(3))."""
        return self in (Erasure.KEEP_BOOKKEEPING, Erasure.KEEP_LEGAL_CLAIMS, Erasure.KEEP_LOG)


class Withheld(StrEnum):
    """Why a stored value is listed in the data copy without being shown (Article 15(4))."""

    SECRET = "secret"  # noqa: S105 (the name of a reason is no secret)
    OTHER_PERSONS = "other_persons"
    RESTRICTED_BY_LAW = "restricted_by_law"
    SECURITY = "security"
    UNLINKED = "unlinked"
    UNREVIEWED = "unreviewed"


Declared = Category | LegalBasis | Purpose | Source | Origin | Start | Retention | Erasure | Withheld


def origin_of(source: str) -> Origin:
    """Return the origin of a value by its stored source; one that is not known any more makes nothing portable."""
    known = Source.__members__.get(source.upper())
    return known.origin if known else Origin.DERIVED


def text_code(value: Declared) -> str:
    """Return the catalogue key of a declared code: ``Category.IDENTITY`` is ``category.identity``."""
    return f"{_KINDS[type(value)]}.{value}"


_KINDS: dict[type[Declared], str] = {
    Category: "category",
    LegalBasis: "legal_basis",
    Purpose: "purpose",
    Source: "source",
    Origin: "origin",
    Start: "start",
    Retention: "retention",
    Erasure: "erasure",
    Withheld: "withheld",
}
_BY_THE_CUSTOMER = (
    Source.REGISTRATION,
    Source.ORDER,
    Source.ACCOUNT,
    Source.PHONE,
    Source.EMAIL,
    Source.IN_STORE,
    Source.LETTER,
)

_SOURCES: dict[Category, tuple[Source, ...]] = {
    Category.IDENTITY: _BY_THE_CUSTOMER,
    Category.CONTACT: _BY_THE_CUSTOMER,
    Category.COMPANY: _BY_THE_CUSTOMER,
    Category.ACCOUNT: (Source.REGISTRATION, Source.ACCOUNT, Source.AUTOMATIC),
    Category.PURCHASE: (Source.ORDER, Source.CONTROLLER),
    Category.ORDER_ADDRESS: (Source.ORDER,),
    Category.INTERESTS: (Source.ACCOUNT,),
    Category.DERIVED: (Source.CONTROLLER,),
    Category.USAGE: (Source.AUTOMATIC,),
    Category.CONTACT_HISTORY: (Source.PHONE, Source.EMAIL, Source.IN_STORE, Source.LETTER),
    Category.MESSAGES: (Source.CONTROLLER,),
    Category.CHOICES: (Source.ACCOUNT, Source.PHONE, Source.EMAIL, Source.IN_STORE, Source.LETTER),
    Category.REQUESTS: (Source.ACCOUNT, Source.PHONE, Source.EMAIL, Source.IN_STORE, Source.LETTER),
    Category.SECURITY_LOG: (Source.AUTOMATIC,),
    Category.PROOF: (Source.AUTOMATIC, Source.CONTROLLER),
    Category.STAFF: (Source.CONTROLLER,),
}

# An order is placed by using the shop, and what the shop stores about it is observed in that use.
_ORIGINS: dict[Category, Origin] = {
    Category.IDENTITY: Origin.PROVIDED,
    Category.CONTACT: Origin.PROVIDED,
    Category.COMPANY: Origin.PROVIDED,
    Category.ACCOUNT: Origin.PROVIDED,
    Category.PURCHASE: Origin.OBSERVED,
    Category.ORDER_ADDRESS: Origin.PROVIDED,
    Category.INTERESTS: Origin.PROVIDED,
    Category.DERIVED: Origin.DERIVED,
    Category.USAGE: Origin.OBSERVED,
    Category.CONTACT_HISTORY: Origin.PROVIDED,
    Category.MESSAGES: Origin.DERIVED,
    Category.CHOICES: Origin.PROVIDED,
    Category.REQUESTS: Origin.PROVIDED,
    Category.SECURITY_LOG: Origin.OBSERVED,
    Category.PROOF: Origin.OBSERVED,
    Category.STAFF: Origin.DERIVED,
}
_ARTICLES = {
    LegalBasis.CONSENT: "6(1)(a)",
    LegalBasis.CONTRACT: "6(1)(b)",
    LegalBasis.LEGAL_OBLIGATION: "6(1)(c)",
    LegalBasis.LEGITIMATE_INTEREST: "6(1)(f)",
}
_LEGAL_BASES = {
    Purpose.ORDERS: (LegalBasis.CONTRACT,),
    Purpose.INVOICING: (LegalBasis.CONTRACT, LegalBasis.LEGAL_OBLIGATION),
    Purpose.CUSTOMER_CARE: (LegalBasis.CONTRACT, LegalBasis.LEGITIMATE_INTEREST),
    Purpose.CUSTOMER_INFORMATION: (LegalBasis.CONTRACT, LegalBasis.LEGITIMATE_INTEREST),
    Purpose.MARKETING: (LegalBasis.CONSENT, LegalBasis.LEGITIMATE_INTEREST),
    Purpose.PERSONALISATION: (LegalBasis.CONSENT,),
    Purpose.SERVICE_IMPROVEMENT: (LegalBasis.CONSENT,),
    Purpose.ACCOUNT_SECURITY: (LegalBasis.LEGAL_OBLIGATION, LegalBasis.LEGITIMATE_INTEREST),
    Purpose.ACCOUNTABILITY: (LegalBasis.LEGAL_OBLIGATION, LegalBasis.LEGITIMATE_INTEREST),
}
_RETENTION_RULES = {
    Retention.CUSTOMER_RELATION: RetentionRule(Start.LAST_ACTIVITY, months=36),
    Retention.ACCOUNT: RetentionRule(Start.ACCOUNT_CLOSED),
    Retention.BOOKKEEPING: RetentionRule(Start.CALENDAR_YEAR_OF_FINANCIAL_YEAR_END, months=72),
    Retention.BOOKS_10: RetentionRule(Start.FINANCIAL_YEAR_END, months=120),
    Retention.LEGAL_CLAIMS: RetentionRule(Start.MATTER_CLOSED, months=36),
    Retention.PROHIBITION: RetentionRule(Start.PROHIBITION_WITHDRAWN),
    Retention.CONSENT: RetentionRule(Start.PROHIBITION_WITHDRAWN),
    Retention.EMPLOYMENT: RetentionRule(Start.EMPLOYMENT_ENDED, months=12),
    Retention.MESSAGES: RetentionRule(Start.CREATED, months=24),
    Retention.USAGE: RetentionRule(Start.CREATED, months=3),
    # Whole months go, so that the oldest event of a month is a month older.
    Retention.AUDIT_LOG: RetentionRule(Start.CREATED, months=12),
    Retention.SECURITY_LOG: RetentionRule(Start.CREATED, months=12),
    Retention.SESSION: RetentionRule(Start.LAST_USE, days=30),
    Retention.SHORT: RetentionRule(Start.CREATED, days=7),
}
