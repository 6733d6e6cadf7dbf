"""Why an employee opens a customer: the fixed list from which a purpose is chosen (register notice §4 and §9)."""

from __future__ import annotations

from enum import StrEnum


class OpeningPurpose(StrEnum):
    """One purpose; its text is ``opening_purpose.<code>``."""

    ORDER = "order"
    INVOICING = "invoicing"
    CUSTOMER_CONTACT = "customer_contact"
    DATA_REQUEST = "data_request"
    CORRECTION = "correction"
    ERROR_INVESTIGATION = "error_investigation"
    MISUSE_INVESTIGATION = "misuse_investigation"


def text_code(purpose: str) -> str:
    """Return the catalogue key of a purpose."""
    return f"opening_purpose.{purpose}"
