"""The map of roles: each permission is given by name, and by nobody's forgetting (SECURITY 32)."""

import ast
import inspect

import pytest

from portal.rules import staff_roles
from portal.rules.staff_roles import GRANTED, Permission, Role, may


@pytest.mark.security(32)
def test_what_the_administrator_lacks_was_decided() -> None:
    assert set(Permission) - GRANTED[Role.ADMINISTRATOR] == {Permission.ANSWER_REQUESTS}


@pytest.mark.security(32)
def test_a_role_holds_what_is_written_out_and_nothing_else() -> None:
    """Read from the program's text: a set that is computed would give a new permission to somebody unasked."""
    tree = ast.parse(inspect.getsource(staff_roles))
    (granted,) = [
        node.value for node in tree.body if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "GRANTED"
    ]
    assert isinstance(granted, ast.Dict)
    for role, given in zip(granted.keys, granted.values, strict=True):
        assert role is not None and isinstance(given, ast.Call) and isinstance(given.args[0], ast.Set), ast.unparse(
            given
        )
        written = [ast.unparse(one) for one in given.args[0].elts]
        held = GRANTED[Role[ast.unparse(role).removeprefix("Role.")]]
        assert sorted(written) == sorted(f"Permission.{permission.name}" for permission in held)


@pytest.mark.security(32)
def test_every_permission_is_somebodys_and_an_unknown_role_has_none() -> None:
    assert set(Permission) == set().union(*GRANTED.values())
    assert not any(may("manager", permission) for permission in Permission)
