"""What the journeys ask of every page can be answered with no."""

import pytest
from playwright.sync_api import Page

from tests.support.browser import axe_problems, check_page, sideways_problems

NAMELESS = "document.querySelector('main').append(document.createElement('button'))"
WIDE = "document.body.style.minWidth = '3000px'"


@pytest.mark.browser
def test_axe_finds_what_is_wrong_and_finds_it_again(page: Page) -> None:
    page.goto("/login")
    assert axe_problems(page) == []
    page.evaluate(NAMELESS)
    # It is put into a page once, and looks anew each time.
    for _ in range(2):
        (problem,) = axe_problems(page)
        assert problem.startswith("button-name (critical): Buttons must have discernible text: <button></button>")
    page.goto("/login")
    assert axe_problems(page) == []


@pytest.mark.browser
def test_a_page_that_is_too_wide_is_found(page: Page) -> None:
    page.goto("/login")
    check_page(page)
    page.evaluate(WIDE)
    (problem,) = sideways_problems(page)
    assert problem.startswith("the page scrolls sideways: 3000 px")
