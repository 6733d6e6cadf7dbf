"""The blank form: a tagged PDF in each language, which asks for no more than is needed."""

import io
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from portal.rules.errors import NotFound
from portal.rules.texts import LOCALES, text
from portal.services.requests import request_form
from tests.services.requests.test_request_letters import CONTEXT


@pytest.mark.parametrize("language", LOCALES)
def test_the_form_is_on_one_sheet_and_tagged(app: Flask, language: str) -> None:
    with app.app_context():
        reader = PdfReader(io.BytesIO(request_form.blank(CONTEXT, language)))
    found = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for code in ("name", "known", "address", "scope", "delivery.post", "signature", "signature_hint", "send"):
        assert text(f"request_form.{code}", language) in found
    assert "Kalevankatu 42" in found
    assert {"fi": "asiakasrekisterissä", "sv": "kundregistret hos", "en": "the customer register of"}[language] in found
    assert language == "fi" or "asiakasrekisteri" not in found
    assert len(reader.pages) == 1
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and str(root["/Lang"]).startswith(language)


def test_a_language_that_is_not_spoken_is_not_there(app: Flask) -> None:
    with app.app_context(), pytest.raises(NotFound):
        request_form.blank(CONTEXT, "de")
