"""The forms of newsletters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import HiddenField, StringField, TextAreaField

from portal.rules.consents import is_submission
from portal.rules.texts import LOCALES
from portal.web.consent_rows import new_submission
from portal.web.forms import VersionedForm

_LINE = {"autocomplete": "off"}
_TEXT = {"rows": "10"}


class SendingForm(VersionedForm):
    """The button that lets a newsletter go as it was shown."""


class AnnouncementForm(VersionedForm):
    """Subject and text in every language of the portal."""

    subject_fi = StringField(render_kw={**_LINE, "lang": "fi"})
    text_fi = TextAreaField(render_kw={**_TEXT, "lang": "fi"})
    subject_sv = StringField(render_kw={**_LINE, "lang": "sv"})
    text_sv = TextAreaField(render_kw={**_TEXT, "lang": "sv"})
    subject_en = StringField(render_kw={**_LINE, "lang": "en"})
    text_en = TextAreaField(render_kw={**_TEXT, "lang": "en"})

    def given(self) -> dict[str, str]:
        """What was typed, by the name of its field."""
        return {name: self[name].data or "" for name in self._names()}

    def fill(self, found: Any) -> None:
        """Show a draft as it stands."""
        self.version.data = str(found.version)
        for name in self._names():
            part, _, language = name.partition("_")
            self[name].data = found.words[language][part]

    def _names(self) -> list[str]:
        return [f"{part}_{language}" for language in LOCALES for part in ("subject", "text")]


class NewAnnouncementForm(AnnouncementForm):
    """A draft that is not kept yet. `submission` is the form's random name, by which the draft is known later."""

    submission = HiddenField()

    def __init__(self) -> None:
        super().__init__()
        if not is_submission(self.submission.data or ""):
            self.submission.data = new_submission()

    def name_given(self) -> UUID:
        """The name that the draft gets."""
        return UUID(hex=self.submission.data or "")
