"""Texts of announcements."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "announcement.discarded": N_("The draft was discarded."),
    "announcement.kept": N_("The draft is saved."),
    "announcement.let_go": N_("The announcement is on its way."),
    "announcement.missing.subject_en": N_("Write the subject in English."),
    "announcement.missing.subject_fi": N_("Write the subject in Finnish."),
    "announcement.missing.subject_sv": N_("Write the subject in Swedish."),
    "announcement.missing.text_en": N_("Write the text in English."),
    "announcement.missing.text_fi": N_("Write the text in Finnish."),
    "announcement.missing.text_sv": N_("Write the text in Swedish."),
    "announcement.settled": N_("It was let go already. Nothing was changed or sent twice."),
    "announcement.state.draft": N_("Draft"),
    "announcement.state.sending": N_("On its way"),
    "announcement.state.sent": N_("Sent"),
    "announcement.tested": N_("The test is on its way to your own address."),
    "announcement.type.marketing": N_("Marketing"),
    "announcement.type.service": N_("Service information"),
    "announcement.type_required": N_("Choose whether it is service information or marketing."),
    "announcement.unchecked": N_("Confirm that nothing in it advertises. Otherwise change its type to marketing."),
    "audit.announcement.discarded": N_("Draft of an announcement discarded"),
    "audit.announcement.finished": N_("Announcement sent to everybody whom it reaches"),
    "audit.announcement.sent": N_("Announcement let go"),
    "audit.announcement.tested": N_("Announcement tried out"),
    "audit.announcement.written": N_("Announcement written"),
}
