"""A scanner that left something out, and a finding nobody explains, must not pass."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.scanners import code, sqlmap, tools
from tests.scanners.description import FORM_TYPE, without_repetition
from tests.scanners.exceptions import EXEMPTIONS, sort_out
from tests.scanners.faulty import faulty_app, faulty_description
from tests.scanners.runs import demand
from tests.scanners.tools import Finding, ScannerFailed

PATHS = faulty_description("http://localhost")["paths"]
SAID = """
[1/2] URL:
GET http://localhost/products?category=wool
[INFO] testing for SQL injection on GET parameter 'category'
[2/2] URL:
GET http://localhost/search
[INFO] {search}
"""


def test_an_untested_parameter_is_missed() -> None:
    paths = {path: PATHS[path] for path in ("/products", "/search")}
    tested = SAID.format(search="testing for SQL injection on POST parameter 'term'")
    assert sqlmap.missing(paths, tested) == []
    assert sqlmap.missing(paths, SAID.format(search="skipping")) == ["POST /search term"]
    assert sqlmap.missing(paths, tested.partition("[2/2]")[0]) == ["1 of 2 operations"]


def test_an_address_of_which_one_argument_is_untested_is_missed() -> None:
    arguments = [{"name": name, "in": "path", "example": "7"} for name in ("customer", "part")]
    paths = {"/{customer}/{part}": {"post": {"parameters": arguments}}}
    first = "[1/1] URL:\n[INFO] skipping previously processed URI parameter '#1*'\n"
    second = "[INFO] testing for SQL injection on URI parameter '#2*'\n"
    assert sqlmap.missing(paths, first) == ["POST /{customer}/{part}"]
    assert sqlmap.missing(paths, first + second) == []


def test_a_scanner_without_its_planted_fault_has_failed() -> None:
    found = [Finding("sqlmap", "/products GET category (BEU)")]
    with pytest.raises(ScannerFailed, match="/search POST term"):
        demand("sqlmap", sqlmap.PLANTED, found)


def test_what_nobody_explains_is_left_and_what_explains_nothing_is_named() -> None:
    found = [
        Finding("wapiti", "Secure Flag cookie GET / Secure flag is not set in the cookie : portal_form"),
        Finding("wapiti", "SQL Injection GET /orders q"),
    ]
    left, idle = sort_out(found, {"wapiti", "schemathesis"})
    assert left == found[1:]
    assert idle == [f"{one.scanner}: {one.pattern}" for one in EXEMPTIONS if one.scanner == "schemathesis"]


def test_the_security_rules_find_the_planted_file(tmp_path: Path) -> None:
    demand("ruff", code.PLANTED["ruff"], code.ruff([code.planted(tmp_path)], tmp_path))


@pytest.mark.expects_log_errors
def test_the_faulty_application_is_faulty() -> None:
    client = faulty_app().test_client()
    assert b"<script>" in client.get("/greeting?name=<script>").data
    assert b"hat" in client.get("/products?category=' OR '1'='1").data
    assert client.get("/age/x").status_code == 500


def test_query_parameters_stand_apart_from_the_arguments_of_their_address() -> None:
    argument = {"name": "id", "in": "path", "example": "7"}
    query = {"name": "next", "in": "query", "example": "/"}
    paths = {"/x/{id}": {"get": {"parameters": [argument, query]}}, "/": {"get": {"parameters": []}}}
    parts = sqlmap.split(paths)
    assert parts == {"/x/7": {"get": {"parameters": [query]}}, "/x/{id}": {"get": {"parameters": [argument]}}}


def test_a_form_whose_every_field_was_attacked_in_the_same_view_is_left_out() -> None:
    def form(view: str, *names: str) -> dict[str, Any]:
        schema = {"properties": {name: {"type": "string"} for name in names}}
        body = {"content": {FORM_TYPE: {"schema": schema}}}
        return {"post": {"operationId": f"{view} POST /", "parameters": [], "requestBody": body}}

    paths = {"/1": form("a", "x", "y"), "/2": form("a", "x"), "/3": form("a", "z"), "/4": form("b", "x")}
    assert list(without_repetition(paths)) == ["/1", "/3", "/4"]


def test_a_scanner_that_hangs_is_a_finding_and_no_end_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "LONGEST_RUN", 1)
    with pytest.raises(ScannerFailed, match="did not end within 1 seconds"):
        tools.run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path)
