"""An OpenAPI description of the whole portal, for scanners that read one.

It is made from the URL map, the declared access, and the links, search forms and forms on the pages, with the
registries of `tests/web/matrix`: what is new there is described here unasked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.web.matrix.found_forms import FoundForm, sent_to
from tests.web.matrix.found_parameters import parameters
from tests.web.matrix.people import insider
from tests.web.matrix.places import PLACES, Place
from tests.web.matrix.samples import argument_of, filled, prepare
from tests.web.matrix.world import World

FORM_TYPE = "application/x-www-form-urlencoded"
REFUSALS: dict[str, str] = {
    "303": "leads on, or to a log-in",
    "308": "the same address written otherwise",
    "400": "a request no page of the portal makes",
    "403": "not for this visitor",
    "404": "nothing here",
    "405": "not by this method",
    "410": "a link that is no longer valid",
    "414": "an address that is too long",
}
SENT_REFUSALS: dict[str, str] = {
    "409": "somebody else was faster",
    "413": "too large",
    "415": "not a form",
    "422": "errors of fields, and what was typed",
    "429": "too often",
}
PAGE = "text/html"
# What is sent here comes from the browser's own script, which reads no page.
FOR_SCRIPTS = frozenset(
    {"admin.passkey_login_options", "admin.passkey_options", "auth.passkey_login_options", "auth.passkey_options"}
)


@dataclass(frozen=True)
class Variant:
    """An address of the description: a rule, where `fixed` arguments stand for themselves because they show forms of
    their own, and the others are left open with a value that is there."""

    place: Place
    values: dict[str, str]
    fixed: frozenset[str] = frozenset()

    @property
    def template(self) -> str:
        """The address as OpenAPI writes it."""
        left_open = {name: f"{{{name}}}" for name in self.place.arguments - self.fixed}
        return filled(self.place, {**self.values, **left_open})

    @property
    def path(self) -> str:
        """The address with everything filled in."""
        return filled(self.place, self.values)


def describe(world: World, found: list[FoundForm], base_url: str) -> dict[str, Any]:
    """The description, as JSON can hold it, with the forms that `forms` has found."""
    known = parameters(world)
    paths: dict[str, dict[str, Any]] = {}
    for variant in (variant for place in PLACES for variant in variants(place, world)):
        item = paths.setdefault(variant.template, {})
        if "GET" in variant.place.methods:
            item["get"] = {
                **_common(variant, "GET", _seen_type(variant, world)),
                "parameters": _reading(variant, known),
            }
        if "POST" in variant.place.methods:
            mimetype = "application/json" if variant.place.endpoint in FOR_SCRIPTS else PAGE
            item["post"] = {**_common(variant, "POST", mimetype), "parameters": _arguments(variant)}
            item["post"]["requestBody"] = _body(variant, found, world)
    info = {"title": "The customer portal", "version": "1"}
    return {
        "openapi": "3.0.3",
        "info": info,
        "servers": [{"url": base_url}],
        "paths": {path: item for path, item in paths.items() if item},
    }


def variants(place: Place, world: World) -> Iterator[Variant]:
    """The rule itself, and once more for each value of an argument that shows a form of its own."""
    values = {name: argument_of(place, name).present(world) for name in place.arguments}
    yield Variant(place, values)
    for name in sorted(place.arguments):
        for other in argument_of(place, name).others:
            yield Variant(place, {**values, name: other}, frozenset({name}))


def parameters_of(operation: dict[str, Any]) -> list[str]:
    """The names of everything an operation takes: arguments, query parameters, fields of the form."""
    fields = operation.get("requestBody", {}).get("content", {FORM_TYPE: {"schema": {"properties": {}}}})
    return [entry["name"] for entry in operation["parameters"]] + list(fields[FORM_TYPE]["schema"]["properties"])


def without_repetition(paths: dict[str, Any]) -> dict[str, Any]:
    """Without forms of which another form of the same view has every field, for scanners that take long over each."""
    seen: dict[str, set[str]] = {}
    kept: dict[str, Any] = {}
    for path, item in paths.items():
        for method, operation in item.items():
            view = operation.get("operationId", f"{path} ").rpartition(" ")[0]
            names = set(parameters_of(operation))
            if method == "post" and view in seen and names <= seen[view]:
                continue
            seen.setdefault(view, set()).update(names)
            kept.setdefault(path, {})[method] = operation
    return kept


def _common(variant: Variant, method: str, mimetype: str) -> dict[str, Any]:
    answers = {**REFUSALS, **(SENT_REFUSALS if method == "POST" else {})}
    responses: dict[str, Any] = {
        status: {"description": said, "content": {PAGE: {}}} for status, said in answers.items()
    }
    responses["200"] = {"description": "what was asked for", "content": {mimetype: {}}}
    access = variant.place.access
    return {
        "operationId": f"{variant.place.endpoint} {method} {variant.template}",
        "summary": f"{access.kind} {access.permission}".strip(),
        "responses": responses,
    }


def _seen_type(variant: Variant, world: World) -> str:
    """The content type the page really has."""
    client = world.client(insider(variant.place.access))
    prepare(client, variant.place, world)
    return client.get(variant.path).mimetype or PAGE


def _arguments(variant: Variant) -> list[dict[str, Any]]:
    names = sorted(variant.place.arguments - variant.fixed)
    return [{"name": name, "in": "path", "required": True, **_text(variant.values[name])} for name in names]


def _reading(variant: Variant, known: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    queries = sorted(known.get(variant.path, {}).items())
    return [*_arguments(variant), *({"name": name, "in": "query", **_text(value)} for name, value in queries)]


def _body(variant: Variant, found: list[FoundForm], world: World) -> dict[str, Any]:
    """The fields of every form that is sent to this address, with what a person types."""
    here = [form for form in found if sent_to(form, world) == variant.place.endpoint]
    exact = [form for form in here if form.action.partition("?")[0] == variant.path]
    if not (exact or variant.fixed):
        exact = here
    typed = {name: _first(form.data.get(name, "")) for form in exact for name in form.fields}
    properties = {name: _text(value)["schema"] for name, value in typed.items()}
    return {"content": {FORM_TYPE: {"schema": {"type": "object", "properties": properties}, "example": typed}}}


def _first(value: Any) -> str:
    return str(value[0] if isinstance(value, list) else value)


def _text(example: str) -> dict[str, Any]:
    if not example:
        return {"schema": {"type": "string"}}
    # An example for those who want one of the operation, a default for those who look at the field alone.
    return {"schema": {"type": "string", "default": example}, "example": example}
