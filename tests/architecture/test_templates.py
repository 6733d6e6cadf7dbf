"""Every template compiles, escapes, and is used."""

import ast
import re

import pytest
from flask import Flask
from jinja2 import StrictUndefined, meta

from tests.architecture.source import ROOT, read_program

FOLDER = ROOT / "templates"
NAMES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
PAGES = [name for name in NAMES if name.endswith(".html") and not name.startswith(("components/", "mail/"))]
MAIL_PARTS = {"subject.txt", "body.txt", "body.html"}


def program_strings() -> set[str]:
    """Every string constant of the program."""
    nodes = (node for module in read_program(ROOT) for node in ast.walk(module.tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_template_escapes_what_it_shows(app: Flask, name: str) -> None:
    choose = app.jinja_env.autoescape
    assert choose(name) if callable(choose) else choose


def test_an_undefined_name_is_an_error(app: Flask) -> None:
    assert issubclass(app.jinja_env.undefined, StrictUndefined)


def test_every_template_is_used(app: Flask) -> None:
    used = program_strings()
    for name in NAMES:
        tree = app.jinja_env.parse((FOLDER / name).read_text(encoding="utf-8"))
        used |= {reference for reference in meta.find_referenced_templates(tree) if reference and reference != name}
    # The parts of a mail are found by the mail's name.
    unused = [
        name for name in NAMES if name not in used and not (name.startswith("mail/") and name.split("/")[1] in used)
    ]
    assert not unused, "templates nothing renders; remove them: " + ", ".join(unused)


@pytest.mark.parametrize("name", PAGES)
def test_page_has_a_title(name: str) -> None:
    """A page either fills the title block or leaves that to the pages built on it."""
    source = (FOLDER / name).read_text(encoding="utf-8")
    assert name.startswith("layouts/") or re.search(r"\{%-?\s*block title\b", source), "fill {% block title %}"


def test_every_mail_has_its_three_parts() -> None:
    mails = {name.split("/")[1] for name in NAMES if name.startswith("mail/") and name.count("/") == 2}
    incomplete = {mail for mail in mails if not {f"mail/{mail}/{part}" for part in MAIL_PARTS} <= set(NAMES)}
    assert not incomplete


def test_a_component_is_one_macro_named_like_its_file(app: Flask) -> None:
    for name in NAMES:
        if name.startswith("components/"):
            own = name.removeprefix("components/").removesuffix(".html")
            module = app.jinja_env.get_template(name).make_module({"locale": "fi"})
            assert hasattr(module, own), f"{name} holds no macro {own}"
