"""Forms are filled as a browser fills them: nothing that is not on the page can be sent by accident."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.support.forms import fill, find_form

PAGE = """<main><form method="post" action="/save">
<input type="hidden" name="csrf_token" value="secret"><input type="hidden" name="version" value="7">
<input name="email" value="aino@example.com"><textarea name="note">
Hei</textarea>
<select name="country"><option value="FI">Suomi</option><option value="SE" selected>Ruotsi</option></select>
<select name="year"><option value="">Kaikki</option><option>2026</option></select>
<input type="checkbox" name="terms" value="yes"><input type="checkbox" name="news" checked>
<input type="radio" name="kind" value="person" checked><input type="radio" name="kind" value="company">
<input name="locked" value="x" disabled>
<button type="submit" name="action" value="save">Tallenna</button>
<button type="submit" name="action" value="drop">Hylkää</button>
</form></main>"""


def sent(button: str | None = None, /, **fields: Any) -> dict[str, Any]:
    return fill(find_form(BeautifulSoup(PAGE, "html5lib"), None), "/here", fields, button).data


def test_defaults_are_sent_as_the_page_has_them() -> None:
    assert sent() == {
        "csrf_token": "secret",
        "version": "7",
        "email": "aino@example.com",
        "note": "Hei",
        "country": "SE",
        "year": "",
        "news": "on",
        "kind": "person",
        "action": "save",
    }


def test_what_a_person_fills_in_replaces_the_defaults() -> None:
    data = sent("action=drop", email="", country="FI", terms=True, news=False, kind="company", year="2026")
    assert (data["email"], data["country"], data["terms"], data["kind"]) == ("", "FI", "yes", "company")
    assert (data["year"], data["action"]) == ("2026", "drop")
    assert "news" not in data


@pytest.mark.parametrize(
    "fields",
    [{"role": "administrator"}, {"country": "XX"}, {"kind": "robot"}, {"csrf_token": "x"}, {"locked": "y"}],
)
def test_what_the_page_does_not_offer_cannot_be_sent(fields: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        sent(**fields)


def test_a_button_that_is_not_there_cannot_be_pressed() -> None:
    with pytest.raises(AssertionError):
        sent("action=burn")


def test_an_ambiguous_page_asks_for_a_selector() -> None:
    soup = BeautifulSoup(PAGE + PAGE, "html5lib")
    with pytest.raises(AssertionError, match="2 forms match"):
        find_form(soup, None)
