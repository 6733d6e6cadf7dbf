"""Roles of employees and what each may do: the whole map on one page (SECURITY 32, least privilege)."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One thing an employee may be allowed to do."""

    SEARCH_CUSTOMERS = "customers.search"
    OPEN_CUSTOMER = "customers.open"
    CORRECT_CONTACT = "customers.correct"
    RECORD_CONSENTS = "consents.record"
    END_SESSIONS = "sessions.end"
    START_RESET = "passwords.start"
    DISABLE_ACCOUNT = "accounts.disable"
    REMOVE_FACTOR = "factors.remove"
    READ_ORDERS = "orders.read"
    IMPORT_ORDERS = "orders.import"
    ENTER_REQUESTS = "requests.enter"
    HANDLE_MESSAGES = "messages.handle"
    ANSWER_REQUESTS = "requests.answer"
    SEND_ANNOUNCEMENTS = "announcements.send"
    READ_AUDIT = "audit.read"
    MANAGE_STAFF = "staff.manage"
    # Every employee: the own account and the start page.
    OWN_ACCOUNT = "own.account"


class Role(StrEnum):
    """What an employee works as."""

    CUSTOMER_CARE = "customer_care"
    PRIVACY = "privacy"
    ORDERS = "orders"
    COMMUNICATIONS = "communications"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


GRANTED: dict[Role, frozenset[Permission]] = {
    Role.CUSTOMER_CARE: frozenset(
        {
            Permission.SEARCH_CUSTOMERS,
            Permission.OPEN_CUSTOMER,
            Permission.CORRECT_CONTACT,
            Permission.RECORD_CONSENTS,
            Permission.ENTER_REQUESTS,
            Permission.END_SESSIONS,
            Permission.START_RESET,
            Permission.DISABLE_ACCOUNT,
            Permission.REMOVE_FACTOR,
            Permission.READ_ORDERS,
            Permission.HANDLE_MESSAGES,
            Permission.OWN_ACCOUNT,
        }
    ),
    Role.PRIVACY: frozenset(
        {
            Permission.SEARCH_CUSTOMERS,
            Permission.OPEN_CUSTOMER,
            Permission.CORRECT_CONTACT,
            Permission.RECORD_CONSENTS,
            Permission.END_SESSIONS,
            Permission.READ_ORDERS,
            Permission.ENTER_REQUESTS,
            Permission.HANDLE_MESSAGES,
            Permission.ANSWER_REQUESTS,
            Permission.READ_AUDIT,
            Permission.OWN_ACCOUNT,
        }
    ),
    Role.ORDERS: frozenset(
        {
            Permission.SEARCH_CUSTOMERS,
            Permission.OPEN_CUSTOMER,
            Permission.READ_ORDERS,
            Permission.IMPORT_ORDERS,
            Permission.OWN_ACCOUNT,
        }
    ),
    Role.COMMUNICATIONS: frozenset({Permission.SEND_ANNOUNCEMENTS, Permission.OWN_ACCOUNT}),
    Role.AUDITOR: frozenset({Permission.READ_AUDIT, Permission.OWN_ACCOUNT}),
    # The administrator runs the house; requests of data subjects are decided by the privacy team alone.
    # Written out, so that a new permission is nobody's until somebody gives it.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.SEARCH_CUSTOMERS,
            Permission.OPEN_CUSTOMER,
            Permission.CORRECT_CONTACT,
            Permission.RECORD_CONSENTS,
            Permission.END_SESSIONS,
            Permission.START_RESET,
            Permission.DISABLE_ACCOUNT,
            Permission.REMOVE_FACTOR,
            Permission.READ_ORDERS,
            Permission.IMPORT_ORDERS,
            Permission.ENTER_REQUESTS,
            Permission.HANDLE_MESSAGES,
            Permission.SEND_ANNOUNCEMENTS,
            Permission.READ_AUDIT,
            Permission.MANAGE_STAFF,
            Permission.OWN_ACCOUNT,
        }
    ),
}


def may(role: str, permission: str) -> bool:
    """Whether the role holds the permission; an unknown role holds none."""
    return role in GRANTED and permission in GRANTED[Role(role)]
