"""What templates are given to speak with."""

import pytest

from portal.rules.texts import LOCALES, text
from tests.support.fixtures import NewClient


@pytest.mark.usefixtures("database")
def test_a_text_that_a_template_names_is_in_the_language_of_each_reader(new_client: NewClient) -> None:
    for locale in (*LOCALES, *reversed(LOCALES)):
        reader = new_client(locale)
        reader.set_cookie("portal_language", locale)
        assert text("notice.transfers", locale) in reader.get("/privacy-notice").page_text
