"""What no source file of the portal does. Each function returns what breaks its rule and what to do about it."""

import ast
import re
from collections.abc import Iterator, Mapping

from tests.architecture.source import Module

# Where a commit or rollback is the file's very task.
TRANSACTION_FILES = {"portal/services/unit_of_work.py": "the one place that commits"}
# Where text that is already HTML is made on purpose; each with its reason.
MARKUP_FILES = {
    "portal/web/language.py": "the texts of the catalogue, with their values escaped",
    "portal/web/qr.py": "the picture of a QR code, drawn by a library from numbers",
    "portal/web/admin/customer_facts.py": "an address that a template has already escaped",
}
CLOCKS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
PROVENANCE_FILE = "portal/services/register/provenance.py"
UNSAFE_TEMPLATE = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape|\bMarkup\b")
# Folders whose pages are opened without a server that could give them a file of styles; mail, and the data copy.
WITHOUT_SERVER = ("templates/mail/", "templates/data_copy/")
INLINE_TEMPLATE = re.compile(r"<style\b|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=[\"'{]", re.IGNORECASE)


def no_mass_assignment(modules: list[Module]) -> Iterator[str]:
    """A form never writes itself onto a row (SECURITY 34)."""
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr == "populate_obj":
                yield f"{module.at(node)}: populate_obj writes whatever was sent; hand the service each field by name"


def no_raw_html(modules: list[Module]) -> Iterator[str]:
    """Text is never declared to be safe HTML (SECURITY 42)."""
    for module in modules:
        if module.path in MARKUP_FILES:
            continue
        for found in module.imports:
            if found.name in ("Markup", "render_template_string"):
                yield f"{module.path}:{found.line}: {found.name} bypasses autoescape; write a template or a macro"


def commits_in_one_place(modules: list[Module]) -> Iterator[str]:
    """Nobody commits or rolls back but the unit of work."""
    for module in modules:
        if module.path in TRANSACTION_FILES:
            continue
        for node in ast.walk(module.tree):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in ("commit", "rollback"):
                yield (
                    f"{module.at(node)}: .{called.attr}() belongs to the unit of work; let the view, job or "
                    "command wrap the call in its transaction"
                )


def environment_in_one_place(modules: list[Module]) -> Iterator[str]:
    """Only config.py reads the environment."""
    for module in modules:
        if module.path == "config.py":
            continue
        for found in module.imports:
            if found.full in ("os.environ", "os.getenv"):
                yield f"{module.path}:{found.line}: only config.py reads the environment; add a setting there"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and _is_name(node.value, "os"):
                yield f"{module.at(node)}: only config.py reads the environment; add a setting there"


def clock_in_one_place(modules: list[Module]) -> Iterator[str]:
    """Services and below take the time from their Context; it is read once per request, job or command."""
    for module in modules:
        if not module.path.startswith(("portal/services/", "portal/mail/", "portal/models/", "portal/rules/")):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCKS:
                yield f"{module.at(node)}: {ast.unparse(node)} reads the clock; use context.now"


def provenance_in_one_place(modules: list[Module], tracked: set[str]) -> Iterator[str]:
    """A customer's tracked fields change through the provenance service only (decision 8)."""
    for module in modules:
        if module.path == PROVENANCE_FILE:
            continue
        for node in ast.walk(module.tree):
            name = _changed_field(node, tracked)
            if name:
                yield f"{module.at(node)}: {name} changes a tracked field; call provenance.set_fields instead"


def safe_templates(templates: Mapping[str, str]) -> Iterator[str]:
    """No template switches escaping off or carries inline style or script."""
    for path, source in templates.items():
        for number, line in enumerate(source.splitlines(), 1):
            if UNSAFE_TEMPLATE.search(line):
                yield f"{path}:{number}: escaping is never switched off; pass plain values and write the HTML here"
            if path.endswith(".html") and not path.startswith(WITHOUT_SERVER) and INLINE_TEMPLATE.search(line):
                yield f"{path}:{number}: inline style or script; use a class of static/css or a file of static/js"


RULES = (no_mass_assignment, no_raw_html, commits_in_one_place, environment_in_one_place, clock_in_one_place)


def _changed_field(node: ast.AST, tracked: set[str]) -> str | None:
    """The source of an assignment or update that touches a customer's tracked field."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        targets = [node.target]
    for target in targets:
        if isinstance(target, ast.Attribute) and target.attr in tracked and _is_customer(target.value):
            return ast.unparse(target)
    if isinstance(node, ast.Call):
        if _is_name(node.func, "setattr") and node.args and _is_customer(node.args[0]):
            return ast.unparse(node)
        if _updates_customers(node) and (tracked & {keyword.arg for keyword in node.keywords} or node.args):
            return ast.unparse(node)
    return None


def _updates_customers(node: ast.Call) -> bool:
    """Whether a call is the `.values(…)` of an update of the customers' table."""
    if not (isinstance(node.func, ast.Attribute) and node.func.attr == "values"):
        return False
    return any(
        isinstance(part, ast.Call) and _is_name(part.func, "update") and part.args and _is_customer(part.args[0])
        for part in ast.walk(node.func.value)
    )


def _is_customer(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in ("customer", "Customer", "CUSTOMER")


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
