"""The architecture's rules are tested on trees that break them: a rule that finds nothing proves nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture import bans, imports
from tests.architecture.sizes import long_files, long_functions
from tests.architecture.source import Module, read_program

Rule = Callable[[list[Module]], Iterator[str]]
FINE = {
    "config.py": "import os\nDEBUG = os.environ.get('PORTAL_ENV')\n",
    "portal/__init__.py": "import config\nfrom portal.web import pages\nfrom portal.models import base\n",
    "portal/rules/money.py": "import babel\n",
    "portal/models/base.py": "from portal.rules import money\n",
    "portal/services/orders/orders.py": "from flask import current_app\nfrom portal.models.base import db\n",
    "portal/services/unit_of_work.py": "def end(db):\n    db.session.commit()\n",
    "portal/web/pages.py": "from portal.services.orders import orders\n",
    "portal/web/transaction.py": "from portal.services.unit_of_work import end\n",
    "portal/web/orders/__init__.py": "from portal.web.orders import history\n",
    "portal/web/orders/history.py": "from flask import request\nfrom portal.web import pages\n",
    "portal/web/auth/login.py": "from portal.web import transaction\n",
}


def tree(folder: Path, files: dict[str, str]) -> list[Module]:
    for name, source in {**FINE, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return read_program(folder)


@pytest.mark.parametrize("rule", [*imports.RULES, *bans.RULES], ids=lambda rule: rule.__name__)
def test_a_fine_tree_passes(tmp_path: Path, rule: Rule) -> None:
    assert list(rule(tree(tmp_path, {}))) == []


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (imports.downwards, "portal/rules/money.py", "from portal.models import base\n"),
        (imports.downwards, "portal/web/pages.py", "from portal.models.base import db\n"),
        (imports.downwards, "portal/web/pages.py", "from ..models import base\n"),
        (imports.downwards, "portal/web/pages.py", "from portal import models\n"),
        (imports.downwards, "portal/services/orders/orders.py", "import portal.web.pages\n"),
        (imports.downwards, "portal/services/orders/orders.py", "from portal import create_app\n"),
        (imports.downwards, "portal/web/pages.py", "from portal.cli import demo\n"),
        (imports.downwards, "portal/helpers/text.py", "import re\n"),
        (imports.services_in_order, "portal/services/register/a.py", "from portal.services.orders import orders\n"),
        (imports.services_in_order, "portal/services/orders/a.py", "from portal.services import unit_of_work\n"),
        (imports.services_in_order, "portal/services/helpers/a.py", "import re\n"),
        (imports.separate_blueprints, "portal/web/auth/login.py", "from portal.web.orders import history\n"),
        (imports.separate_blueprints, "portal/web/auth/login.py", "from ..orders.history import orders\n"),
        (imports.no_cycles, "portal/rules/money.py", "from portal.models import base\n"),
        (imports.no_cycles, "portal/models/base.py", "from portal.web import pages\n"),
        (imports.top_level_only, "portal/rules/money.py", "def f():\n    import babel\n"),
        (imports.top_level_only, "portal/rules/money.py", "class A:\n    def f(self):\n        from os import path\n"),
        (imports.requestless_services, "portal/services/orders/orders.py", "from flask import request\n"),
        (imports.requestless_services, "portal/services/orders/orders.py", "from flask_login import current_user\n"),
        (imports.requestless_services, "portal/rules/money.py", "from sqlalchemy import select\n"),
        (imports.one_transaction_boundary, "portal/web/auth/login.py", "from portal.services import unit_of_work\n"),
        (imports.one_transaction_boundary, "portal/services/orders/orders.py", "import portal.services.unit_of_work\n"),
        (imports.settings_at_the_top, "portal/services/orders/orders.py", "from config import Settings\n"),
        (bans.no_mass_assignment, "portal/web/auth/login.py", "def f(form, row):\n    form.populate_obj(row)\n"),
        (bans.no_raw_html, "portal/web/auth/login.py", "from markupsafe import Markup\n"),
        (bans.no_raw_html, "portal/web/auth/login.py", "from flask import render_template_string\n"),
        (bans.commits_in_one_place, "portal/services/orders/orders.py", "def f(db):\n    db.session.commit()\n"),
        (bans.commits_in_one_place, "portal/web/auth/login.py", "def f(db):\n    db.session.rollback()\n"),
        (bans.environment_in_one_place, "portal/web/pages.py", "import os\nHOST = os.environ['HOST']\n"),
        (bans.environment_in_one_place, "portal/web/pages.py", "from os import getenv\n"),
        (bans.clock_in_one_place, "portal/services/orders/orders.py", "def f(datetime):\n    return datetime.now()\n"),
    ],
)
def test_a_broken_rule_is_found(tmp_path: Path, rule: Rule, name: str, source: str) -> None:
    problems = list(rule(tree(tmp_path, {name: source})))
    assert problems
    assert any(name in problem or "cycle" in problem for problem in problems)


@pytest.mark.parametrize(
    "source",
    [
        "def f(customer):\n    customer.phone = '1'\n",
        "def f(row):\n    row.customer.phone += '1'\n",
        "def f(customer):\n    setattr(customer, 'phone', '1')\n",
        "def f(update, Customer):\n    return update(Customer).where(Customer.id == 1).values(phone='1')\n",
        "def f(update, Customer, fields):\n    return update(Customer).values(fields)\n",
    ],
)
def test_a_tracked_field_that_is_changed_elsewhere_is_found(tmp_path: Path, source: str) -> None:
    modules = tree(tmp_path, {"portal/services/orders/orders.py": source})
    assert list(bans.provenance_in_one_place(modules, {"phone"}))


def test_other_fields_and_the_provenance_service_are_left_alone(tmp_path: Path) -> None:
    files = {
        "portal/services/orders/orders.py": "def f(order, customer):\n    order.phone = 1\n    customer.note = 1\n",
        "portal/services/merging.py": "def f(update, Customer):\n    return update(Customer).values(note=1)\n",
        bans.PROVENANCE_FILE: "def f(customer):\n    customer.phone = '1'\n",
    }
    assert list(bans.provenance_in_one_place(tree(tmp_path, files), {"phone"})) == []


@pytest.mark.parametrize(
    "line",
    [
        "{{ name | safe }}",
        "{{ name|safe }}",
        "{% autoescape false %}",
        '<p style="color: red">',
        "<style>",
        "<script>run()</script>",
        '<a onclick="run()">',
    ],
)
def test_an_unsafe_template_is_found(line: str) -> None:
    assert list(bans.safe_templates({"templates/orders/list.html": line}))


def test_a_plain_template_passes() -> None:
    line = '<script type="module" src="{{ url }}"></script><p class="safe">{{ name }}</p>'
    assert list(bans.safe_templates({"templates/orders/list.html": line})) == []


def test_long_files_views_and_functions_are_found(tmp_path: Path) -> None:
    body = "    x = 1\n"
    view = "@access.staff('orders.read')\ndef show():\n" + body * 25
    function = "def work():\n" + body * 40
    fine = '@access.public\ndef other():\n    """Docstring."""\n' + body * 24
    modules = tree(tmp_path, {"portal/web/auth/login.py": view + function + fine})
    assert [text.split(" has ")[0].split(": ")[1] for text in long_functions(modules)] == [
        "the view show",
        "the function work",
    ]
    assert list(long_files(tmp_path)) == []
    (tmp_path / "portal/web/auth/login.py").write_text("x = 1\n" * 301, encoding="utf-8")
    assert len(list(long_files(tmp_path))) == 1
