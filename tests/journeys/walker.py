"""A person at a browser, who finds everything by the words of the page's language, as a screen reader names it."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Response, expect

from portal.rules.texts import text, translate
from tests.journeys.postbox import Postbox
from tests.support.browser import check_page
from tests.support.client import REDIRECTS


class Walker:
    """Walks through pages in one language. `script` says whether the browser runs scripts."""

    def __init__(self, page: Page, language: str, postbox: Postbox, *, script: bool = True) -> None:
        self.page = page
        self.language = language
        self.postbox = postbox
        self.script = script
        # The status of the latest page, after redirects.
        self.status = 0
        page.on("response", self._note)

    @property
    def path(self) -> str:
        """The address without the site."""
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def main(self) -> Locator:
        """The content of the page."""
        return self.page.locator("main")

    def words(self, english: str, **params: object) -> str:
        """The English text in the walker's language."""
        return translate(english, self.language, **params)

    def open(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(path)

    def sees_page(self, title: str, *, status: int = 200, **params: object) -> None:
        """The page has this heading, status and language."""
        expect(self.page.locator("h1")).to_have_text(self.words(title, **params))
        assert self.status == status, f"{self.path} answered {self.status}"
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)

    def sees(self, *texts: str) -> None:
        """The content shows these texts, each already in the walker's language."""
        for shown in texts:
            expect(self.main).to_contain_text(shown)

    def sees_not(self, *texts: str) -> None:
        """The content shows none of these texts."""
        for hidden in texts:
            expect(self.main).not_to_contain_text(hidden)

    def is_told(self, code: str) -> None:
        """The page says the text of this code."""
        self.sees(text(code, self.language))

    def field(self, label: str) -> Locator:
        """The control with this label."""
        named = re.compile(rf"^\s*{re.escape(self.words(label))}\s*(\(|$)")
        return self.main.locator("input, select, textarea").and_(self.main.get_by_label(named))

    def fill(self, label: str, value: str) -> None:
        """Type into the field with this label."""
        self.field(label).fill(value)

    def choose(self, label: str) -> None:
        """Press the radio button or check box with this label, given in the walker's language."""
        self.main.get_by_label(label, exact=True).check()

    def press(self, name: str) -> None:
        """Press the button with this name."""
        self.main.get_by_role("button", name=self.words(name), exact=True).click()

    def follow(self, name: str, **params: object) -> None:
        """Follow the first link with this name in the content."""
        self.main.get_by_role("link", name=self.words(name, **params), exact=True).first.click()

    def follow_change(self, detail: str) -> None:
        """Follow the link that changes a detail, whose name is given in the walker's language."""
        # Each detail has an action word of its own; the hidden name leaves a space before the colon.
        name = re.compile(rf"^[^:]+: {re.escape(detail)}$")
        self.main.get_by_role("link", name=name).click()

    def turn_to(self, name: str) -> None:
        """Follow a link of the side navigation; on a telephone, open the menu first."""
        self._unfold()
        self.page.locator("nav.side").get_by_role("link", name=self.words(name), exact=True).click()

    def log_out(self) -> None:
        """Press the button at the end of the navigation."""
        self._unfold()
        self.page.locator("nav.side").get_by_role("button", name=self.words("Log out"), exact=True).click()

    def switch_language(self, language: str) -> None:
        """Use the language switch in the header."""
        self.page.locator(f'header button[name="language"][value="{language}"]').click()
        self.language = language

    def refused(self, *labels: str, status: int = 422) -> None:
        """The form came back with an error at each of these fields and at no other; the summary has led to them.

        With scripts the summary holds the focus, and each of its links moves it to the field.
        """
        summary = self.page.locator(".error-summary")
        expect(summary).to_be_visible()
        assert self.status == status, f"{self.path} answered {self.status}"
        expect(summary.get_by_role("heading")).to_have_text(self.words("There is a problem"))
        if self.script:
            expect(summary).to_be_focused()
        expect(self.main.locator(".field--bad")).to_have_count(len(labels))
        for number, label in enumerate(labels):
            control = self.field(label)
            expect(control).to_have_attribute("aria-invalid", "true")
            link = summary.get_by_role("link").nth(number)
            link.click()
            if self.script:
                expect(control).to_be_focused()
                expect(self.main.locator(".field--bad").nth(number)).to_be_in_viewport()
            assert link.get_attribute("href") == "#" + str(control.get_attribute("id"))

    def refused_group(self, message: str) -> None:
        """The form came back because nothing was chosen; the summary leads to the first choice."""
        summary = self.page.locator(".error-summary")
        expect(summary.get_by_role("link")).to_have_text([message])
        assert self.status == 422, f"{self.path} answered {self.status}"
        summary.get_by_role("link").click()
        if self.script:
            expect(self.main.locator("input[type=radio]").first).to_be_focused()

    def check(self, name: str) -> None:
        """Let axe look at this state of the page, where it is able to."""
        if self.script:
            self.page.wait_for_load_state()
            check_page(self.page, name)

    def _unfold(self) -> None:
        # Whether the menu is there can only be asked of a whole page.
        self.page.wait_for_load_state()
        menu = self.page.locator("nav.side summary")
        if menu.is_visible():
            menu.click()

    def _note(self, response: Response) -> None:
        # The site has no frames, so every navigation is the page's own.
        if response.request.is_navigation_request() and response.status not in REDIRECTS:
            self.status = response.status
