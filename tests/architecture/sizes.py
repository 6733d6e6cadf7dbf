"""How long a file, a view and a function may be."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import Module

FILE_LINES, VIEW_LINES, FUNCTION_LINES = 300, 25, 40
FILES = ("*.py", "portal/**/*.py", "tests/**/*.py", "script/*", "templates/**/*.html", "static/css/*", "static/js/*")


def long_files(root: Path) -> Iterator[str]:
    """Files a reader cannot keep in mind."""
    for path in sorted({path for pattern in FILES for path in root.glob(pattern) if path.is_file()}):
        name = path.relative_to(root).as_posix()
        if name.startswith("portal/migrations/") or path.suffix not in (".py", ".html", ".css", ".js", ".sh", ""):
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            yield f"{name} has {lines} lines, more than {FILE_LINES}; split it by what a reader looks for"


def long_functions(modules: list[Module]) -> Iterator[str]:
    """Views and functions that do more than one thing. Decorators and the docstring are not counted."""
    for module in modules:
        for function in module.functions():
            view = any(_is_view(decorator) for decorator in function.decorator_list)
            limit = VIEW_LINES if view else FUNCTION_LINES
            lines = _lines(function)
            if lines > limit:
                kind = "view" if view else "function"
                advice = "move the work to a service" if view else "give its steps names of their own"
                name = f"the {kind} {function.name}"
                yield f"{module.at(function)}: {name} has {lines} lines, more than {limit}; {advice}"


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def _is_view(decorator: ast.expr) -> bool:
    """Every view declares its access (`@access.customer`, `@access.staff("…")`); helpers of a view do not."""
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(named, ast.Attribute) and isinstance(named.value, ast.Name) and named.value.id == "access"
