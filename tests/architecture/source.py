"""Reads the program's source as syntax trees, so that rules about it can be checked without running it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Import:
    """One imported module, or one name of it, with the line it stands on."""

    module: str
    name: str | None
    line: int

    @property
    def full(self) -> str:
        """The dotted name of what is imported."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True)
class Module:
    """One Python file under the root that was read."""

    path: str
    source: str

    @property
    def name(self) -> str:
        """The dotted name other files import it by."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.source, self.path)

    @cached_property
    def imports(self) -> list[Import]:
        """Every import, those in functions and under TYPE_CHECKING included; relative ones are made absolute."""
        return [found for node in ast.walk(self.tree) for found in self._imports_of(node)]

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node

    def at(self, node: ast.AST) -> str:
        """Where a node stands, for a message."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    def _imports_of(self, node: ast.AST) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, None, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = self.name.split(".") if self.path.endswith("__init__.py") else self.name.split(".")[:-1]
                parts = package[: len(package) - node.level + 1]
                base = ".".join([*parts, base] if base else parts)
            for alias in node.names:
                yield Import(base, alias.name, node.lineno)


def read_modules(root: Path, *patterns: str) -> list[Module]:
    """The modules that match the patterns, in order of their paths. Migrations are generated and not read."""
    found = {path for pattern in patterns for path in root.glob(pattern)}
    paths = sorted(path.relative_to(root).as_posix() for path in found)
    return [
        Module(path, (root / path).read_text(encoding="utf-8"))
        for path in paths
        if not path.startswith("portal/migrations/")
    ]


def read_program(root: Path) -> list[Module]:
    """The program itself: the portal, its settings and its entry point."""
    return read_modules(root, "config.py", "unsafe_settings.py", "wsgi.py", "portal/**/*.py")
