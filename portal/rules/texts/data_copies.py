"""Texts of data copies: why none is given now, and the words of codes in a copy."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "data_copy.internal_notes": N_("Notes between our employees"),
    "data_copy.internal_attachments": N_("Files attached to notes between our employees"),
    "data_copy.new_contact": N_(
        "Your log-in address has changed within the last 30 days, and the password was chosen with a link sent to the "
        "new address. To protect your data, a copy is available here from %(day)s on. Until then, make a written "
        "request: we check who you are in another way."
    ),
    "data_copy.too_many": N_(
        "You have had %(count)s copies made within a day. Download one of them, or come back tomorrow."
    ),
}
