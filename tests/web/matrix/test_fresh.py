"""Every action that needs a fresh proof of identity, by name (SECURITY 24)."""

import pytest

from tests.web.matrix.places import PLACES

FRESH = {
    "e-mail": {"auth.change_email"},
    "password": {"auth.change_password"},
    "user name": {"auth.user_name", "auth.remove_user_name"},
    "second factor": {
        "auth.second_factor",
        "auth.set_up_second_factor",
        "auth.turn_off_second_factor",
        "auth.recovery_codes",
        "auth.passkeys",
        "auth.passkey_options",
        "auth.remove_passkey",
        "admin.recovery_codes",
        "admin.passkeys",
        "admin.passkey_options",
        "admin.remove_passkey",
        "admin.factor_removal",
    },
    "asking for a data copy": {"privacy.data", "privacy.data_copy"},
    "downloading it": {"privacy.data_copy_file", "privacy.request_copy", "admin.request_copy_file"},
    "closing the account": {"auth.close_account"},
    "disabling an account": {"admin.customer_access"},
    "staff roles": {
        "admin.invite_employee",
        "admin.employee",
        "admin.employee_role",
        "admin.employee_end",
        "admin.employee_access",
        "admin.employee_link",
    },
    "a newsletter to customers": {"admin.send_announcement"},
    "staff exports": {"admin.audit_export", "admin.import_errors"},
}


@pytest.mark.security(24)
@pytest.mark.parametrize("action", FRESH)
def test_each_delicate_action_declares_that_it_wants_a_fresh_proof(action: str) -> None:
    declared = {place.endpoint: place.access.kind for place in PLACES}
    assert {name: declared[name] for name in FRESH[action]} == {
        name: "staff_fresh" if name.startswith("admin.") else "customer_fresh" for name in FRESH[action]
    }


@pytest.mark.security(24)
def test_every_declared_one_is_named_here() -> None:
    """What the list does not name would lose its proof unnoticed."""
    named = {name for names in FRESH.values() for name in names}
    declared = {place.endpoint for place in PLACES if place.access.kind.endswith("_fresh")}
    assert declared - named == set()
