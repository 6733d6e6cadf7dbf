"""Every template compiles, escapes, and is used."""

import ast
import re
from functools import cache

import pytest
from flask import Flask
from jinja2 import StrictUndefined, meta, nodes

from tests.architecture.source import ROOT, read_program

FOLDER = ROOT / "templates"
NAMES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
MAIL_PARTS = {"subject.txt", "body.txt", "body.html"}


@cache
def program_strings() -> frozenset[str]:
    """Every string constant of the program."""
    nodes = (node for module in read_program(ROOT) for node in ast.walk(module.tree))
    values = (node.value for node in nodes if isinstance(node, ast.Constant))
    return frozenset(value for value in values if isinstance(value, str))


def page_names() -> set[str]:
    """The templates that are handed to `page`, the one function that answers with a page."""
    nodes = [node for module in read_program(ROOT) for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    calls = [node for node in nodes if isinstance(node.func, ast.Name) and node.func.id == "page" and node.args]
    constants = (node.value for call in calls for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)} & set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)


@pytest.mark.security(42)
@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_template_escapes_what_it_shows(app: Flask, name: str) -> None:
    choose = app.jinja_env.autoescape
    assert choose(name) if callable(choose) else choose


@pytest.mark.security(42)
@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_no_template_turns_escaping_off_or_makes_links_of_text(app: Flask, name: str) -> None:
    tree = app.jinja_env.parse((FOLDER / name).read_text(encoding="utf-8"))
    filters = {node.name for node in tree.find_all(nodes.Filter)}
    assert not filters & {"safe", "urlize", "xmlattr"}
    assert not list(tree.find_all(nodes.EvalContextModifier))


@pytest.mark.security(43)
@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_no_template_writes_a_link_of_another_kind(name: str) -> None:
    """What a template writes itself: a page of this site, https, or the company's own address and number."""
    source = (FOLDER / name).read_text(encoding="utf-8")
    written = re.findall(r"""\b(?:href|src|action|formaction)=["']([^"']*)""", source)
    known = (
        "{{",
        "{% block home_url %}{{",
        "#",
        "/",
        "?",
        "https://",
        "mailto:{{ site.controller.email",
        "mailto:{{ controller.email",
    )
    phone = "tel:{{ site.controller.phone"
    assert [address for address in written if address and not address.startswith((*known, phone))] == []


def test_an_undefined_name_is_an_error(app: Flask) -> None:
    assert issubclass(app.jinja_env.undefined, StrictUndefined)


def test_every_template_is_used(app: Flask) -> None:
    used = set(program_strings())
    for name in NAMES:
        tree = app.jinja_env.parse((FOLDER / name).read_text(encoding="utf-8"))
        used |= {reference for reference in meta.find_referenced_templates(tree) if reference and reference != name}
    # The parts of a mail are found by the mail's name.
    unused = [
        name for name in NAMES if name not in used and not (name.startswith("mail/") and name.split("/")[1] in used)
    ]
    assert not unused, "templates nothing renders; remove them: " + ", ".join(unused)


def test_every_page_stands_on_a_layout_and_fills_the_title() -> None:
    """What a view hands to `page` is a page; what it includes or renders by itself is a part and needs neither."""
    rendered = sorted(page_names())
    assert rendered
    for name in rendered:
        source = (FOLDER / name).read_text(encoding="utf-8")
        assert re.search(r"\{%-?\s*extends\s+\"layouts/", source), f"{name} extends no layout"
        assert re.search(r"\{%-?\s*block\s+title\b", source), f"{name} does not fill the title block"


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
