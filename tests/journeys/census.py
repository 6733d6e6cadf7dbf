"""What is checked of every page, whatever it shows."""

from playwright.sync_api import Page

from tests.support.browser import DESKTOP, PHONE, axe_problems, keep_screenshot, sideways_problems

HEIGHT = 900
# The narrowest window that must do: 1280 pixels at 400 % (WCAG 1.4.10).
NARROWEST = 320


def page_problems(page: Page, name: str) -> list[str]:
    """Everything wrong with the open page at each width, one line each; keeps a picture of each width."""
    problems = heading_problems(page)
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        keep_screenshot(page, name)
        problems += [f"{width} px: {problem}" for problem in axe_problems(page) + sideways_problems(page)]
    page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
    problems += [f"{NARROWEST} px: {problem}" for problem in sideways_problems(page)]
    page.set_viewport_size({"width": DESKTOP, "height": HEIGHT})
    return problems


def heading_problems(page: Page) -> list[str]:
    """A page has one h1, and its title begins with the words of it."""
    headings = [" ".join(text.split()) for text in page.locator("h1").all_inner_texts()]
    if len(headings) != 1:
        return [f"{len(headings)} first headings: {headings}"]
    before, found, _after = page.title().partition(headings[0])
    # A form that was refused says so first ("Error: …").
    if found and (not before or before.endswith(": ")):
        return []
    return [f"the title {page.title()!r} does not begin with {headings[0]!r}"]
