"""The page of interests: told, shown with source and time, changed, taken away, and never lost by an error."""

from typing import Any

import pytest

from tests.support.client import InvariantClient

PAGE = "/account/interests"


def ticked(client: InvariantClient) -> set[str]:
    return {str(tag["value"]) for tag in client.get(PAGE).select("input[type=checkbox][checked]")}


def test_nothing_is_ticked_before_it_is_told(visitor: InvariantClient) -> None:
    page = visitor.get(PAGE)
    assert page.h1 == "Your interests"
    assert ticked(visitor) == set()
    assert "Until you turn them on, your interests are stored and not used." in page.page_text
    assert visitor.get("/account/profile").select(f'main a[href="{PAGE}"]')


def test_interests_are_told_shown_and_taken_away(consenting: InvariantClient) -> None:
    answer = consenting.submit(PAGE, topics=["fishing", "clothing"], words="Köydet\nsaaret")
    page = consenting.follow(answer)
    assert "Your interests are saved." in page.page_text
    assert page.texts(".derived__title") == ["Fishing", "Clothes and shoes", "Köydet", "saaret"]
    assert all(note.startswith("You, in your account, ") for note in page.texts(".derived .small"))
    assert ticked(consenting) == {"fishing", "clothing"}
    assert page.select("textarea")[0].get_text().strip() == "Köydet\nsaaret"
    reasons = consenting.get("/account").texts(".derived .muted")
    assert reasons[0].startswith("You told us about your interest “Clothes and shoes” and have bought this")
    assert "Interests changed" in consenting.get("/privacy/activity").page_text
    page = consenting.follow(consenting.submit(PAGE, topics=[], words=""))
    assert not page.select(".derived")
    assert "Nothing is stored" in consenting.get("/privacy/interests/interest").page_text
    assert "Nothing changed" in consenting.follow(consenting.submit(PAGE)).page_text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"words": "x" * 61}, ["words"]),
        ({"words": "\n".join(f"aihe {n}" for n in range(11))}, ["words"]),
    ],
)
def test_an_error_keeps_what_was_typed(fields: dict[str, Any], wrong: list[str], visitor: InvariantClient) -> None:
    page = visitor.submit(PAGE, topics=["fishing"], **fields)
    assert (page.status_code, page.fields_in_error) == (422, wrong)
    assert page.select("textarea")[0].get_text().strip() == fields["words"]
    assert [tag["value"] for tag in page.select("input[type=checkbox][checked]")] == ["fishing"]
    assert ticked(visitor) == set()


def test_a_topic_that_is_not_offered_is_refused(visitor: InvariantClient) -> None:
    page = visitor.submit(PAGE, topics=["fishing"], extra={"topics": ["politics"]})
    assert page.status_code == 422
    assert page.error_summary == ["Choose interests from the list."]


def test_two_tabs_are_told_of_each_other(visitor: InvariantClient) -> None:
    one, other = visitor.get(PAGE), visitor.get(PAGE)
    assert visitor.submit_form(one, topics=["food"]).status_code == 303
    late = visitor.submit_form(other, topics=["home"])
    assert late.status_code == 409
    # Sent once more, it counts.
    assert visitor.submit_form(late).status_code == 303
    assert ticked(visitor) == {"home"}
