"""The forms of announcements."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField

from portal.rules.announcement_types import AnnouncementType
from portal.rules.consents import is_submission
from portal.rules.texts import LOCALES, text
from portal.web.consent_rows import new_submission
from portal.web.forms import VersionedForm
from portal.web.language import current_locale

_LINE = {"autocomplete": "off"}
_TEXT = {"rows": "10"}


class DiscardingForm(VersionedForm):
    """The button that throws a draft away as it was shown."""


class SendingForm(VersionedForm):
    """The button that lets an announcement go as it was shown. `no_advertising` is asked for service information."""

    no_advertising = BooleanField()


class AnnouncementForm(VersionedForm):
    """The type, and subject and text in every language of the portal."""

    type = RadioField(validate_choice=False)
    subject_fi = StringField(render_kw={**_LINE, "lang": "fi"})
    text_fi = TextAreaField(render_kw={**_TEXT, "lang": "fi"})
    subject_sv = StringField(render_kw={**_LINE, "lang": "sv"})
    text_sv = TextAreaField(render_kw={**_TEXT, "lang": "sv"})
    subject_en = StringField(render_kw={**_LINE, "lang": "en"})
    text_en = TextAreaField(render_kw={**_TEXT, "lang": "en"})

    def __init__(self) -> None:
        super().__init__()
        self.type.choices = [
            (code.value, text(f"announcement.type.{code}", current_locale())) for code in AnnouncementType
        ]

    def given(self) -> dict[str, str]:
        """What was typed or chosen, by the name of its field."""
        return {name: self[name].data or "" for name in ("type", *self._names())}

    def fill(self, found: Any) -> None:
        """Show a draft as it stands."""
        self.version.data = str(found.version)
        self.type.data = found.type
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
