"""What an announcement is to the law: service information, or marketing (REGISTER §4; 917/2014 s. 200).

Any advertising makes it marketing. Service information tells what a customer needs to know of what was bought or of the
service itself, such as a recall or a change of terms; no prohibition of marketing keeps it back.
"""

from __future__ import annotations

from enum import StrEnum


class AnnouncementType(StrEnum):
    """What the employee who writes it says that it is."""

    SERVICE = "service"
    MARKETING = "marketing"


# The message of each type: its templates, and the rule by which the outbox sends it.
MESSAGES: dict[str, str] = {
    AnnouncementType.SERVICE: "service_announcement",
    AnnouncementType.MARKETING: "announcement",
}
