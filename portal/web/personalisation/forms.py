"""The form of a customer's interests. The topics and their order come from the rules."""

from __future__ import annotations

from wtforms import SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.rules.interests import TOPICS
from portal.rules.texts import text
from portal.web.forms import VersionedForm
from portal.web.language import current_locale


def _topics() -> list[tuple[str, str]]:
    locale = current_locale()
    return [(topic, text(f"interest.topic.{topic}", locale)) for topic in TOPICS]


class InterestsForm(VersionedForm):
    """Topics to tick, and own words, one interest a line."""

    topics = SelectMultipleField(
        choices=_topics, validate_choice=False, widget=ListWidget(), option_widget=CheckboxInput()
    )
    words = TextAreaField(render_kw={"rows": 4})
