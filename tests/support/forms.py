"""Fills a page's form as a browser would: only fields that are there, only options that are offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag

# A text, a choice, True or False for a checkbox, several choices, or (content, name) for an upload.
Value = str | bool | int | Sequence[str] | tuple[Any, str]


@dataclass(frozen=True)
class Submission:
    """What the browser would send: where to, how, and the pairs in the order of the page."""

    action: str
    method: str
    data: dict[str, Any]


def find_form(soup: BeautifulSoup, selector: str | None) -> Tag:
    """The form the selector names; without one, the only form in <main>."""
    if selector is not None:
        found = [tag for tag in soup.select(selector) if tag.name == "form"]
    else:
        # What is hidden until a script shows it is no form of a browser without.
        forms = [form for form in soup.select("main form") if not form.has_attr("hidden")]
        # A page's search form beside its one real form does not make the choice ambiguous.
        found = [form for form in forms if _method(form) == "post"] or list(forms)
    if len(found) != 1:
        actions = [f"{_method(form)} {form.get('action') or '(this page)'}" for form in soup.find_all("form")]
        raise AssertionError(f"{len(found)} forms match {selector or 'main form'}; on the page: {actions}")
    return found[0]


def fill(form: Tag, here: str, fields: Mapping[str, Value], button: str | None = None) -> Submission:
    """What a browser sends when a person fills in `fields` and presses a button.

    `here` is the page's own address; `button` is the name or "name=value" of the button when there are several.
    Raises AssertionError for a field, option or button the page does not offer.
    """
    data: dict[str, list[Any]] = {}
    unused = dict(fields)
    for control in form.find_all(["input", "select", "textarea"]):
        name = str(control.get("name") or "")
        if not name or control.has_attr("disabled") or control.get("type") in ("submit", "button", "reset", "image"):
            continue
        given = unused.pop(name, fields.get(name))
        data.setdefault(name, []).extend(_values(control, given))
    _all_used(form, unused)
    _check_choices(form, fields)
    data.update(_pressed(form, button))
    flat = {name: values if len(values) > 1 else values[0] for name, values in data.items() if values}
    return Submission(str(form.get("action") or "") or here, _method(form), flat)


def _method(form: Tag) -> str:
    return str(form.get("method") or "get").lower()


def _values(control: Tag, given: Value | None) -> list[Any]:
    kind = str(control.get("type") or "text")
    if control.name == "select":
        return _selected(control, given)
    if control.name == "textarea":
        return [control.get_text().removeprefix("\n") if given is None else str(given)]
    if kind in ("checkbox", "radio"):
        return _ticked(control, kind, given)
    if kind == "file":
        return [] if given is None else [given]
    if kind == "hidden" and given is not None:
        raise AssertionError(f"{control.get('name')} is hidden: a person cannot fill it in; use extra=")
    return [str(control.get("value") or "") if given is None else str(given)]


def _ticked(control: Tag, kind: str, given: Value | None) -> list[Any]:
    value = str(control.get("value") or "on")
    if given is None:
        ticked = control.has_attr("checked")
    elif isinstance(given, bool):
        ticked = given
    elif isinstance(given, str) or kind == "radio":
        ticked = str(given) == value
    else:
        ticked = value in [str(item) for item in given] if isinstance(given, Sequence) else str(given) == value
    return [value] if ticked else []


def _selected(control: Tag, given: Value | None) -> list[Any]:
    options = {str(option.get("value", option.get_text(strip=True))): option for option in control.find_all("option")}
    if given is not None:
        wanted = list(map(str, given)) if isinstance(given, (list, tuple)) else [str(given)]
        missing = [value for value in wanted if value not in options]
        assert not missing, f"{control.get('name')} does not offer {missing}; it offers {list(options)}"
        return list(wanted)
    chosen = [value for value, option in options.items() if option.has_attr("selected")]
    return chosen if chosen or control.has_attr("multiple") else list(options)[:1]


def _check_choices(form: Tag, fields: Mapping[str, Value]) -> None:
    for name, given in fields.items():
        radios = form.find_all("input", attrs={"type": "radio", "name": name})
        if radios and str(given) not in (offered := [str(radio.get("value")) for radio in radios]):
            raise AssertionError(f"{name} does not offer {given!r}; it offers {offered}")


def _all_used(form: Tag, unused: Mapping[str, Value]) -> None:
    if unused:
        names = sorted({str(tag.get("name")) for tag in form.find_all(["input", "select", "textarea"])})
        raise AssertionError(f"the form has no field {sorted(unused)}; it has {names}. Forge fields with extra=")


def _pressed(form: Tag, button: str | None) -> dict[str, list[Any]]:
    buttons = [tag for tag in form.find_all(["button", "input"]) if _submits(tag) and not tag.has_attr("disabled")]
    if button is None:
        # Return in a text field presses the first button of the form.
        chosen = buttons[0] if buttons else None
    else:
        name, _, value = button.partition("=")
        matching = [tag for tag in buttons if tag.get("name") == name and (not value or tag.get("value") == value)]
        assert matching, f"the form has no button {button!r}; it has {[tag.get('name') for tag in buttons]}"
        chosen = matching[0]
    if chosen is None or not chosen.get("name"):
        return {}
    return {str(chosen["name"]): [str(chosen.get("value") or "")]}


def _submits(tag: Tag) -> bool:
    kind = str(tag.get("type") or ("submit" if tag.name == "button" else "text"))
    return kind == "submit"
