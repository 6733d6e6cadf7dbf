"""Texts of newsletters."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "announcement.kept": N_("The draft is saved."),
    "announcement.let_go": N_("The newsletter is on its way."),
    "announcement.settled": N_("It was let go already. Nothing was sent twice."),
    "announcement.state.draft": N_("Draft"),
    "announcement.state.sending": N_("On its way"),
    "announcement.state.sent": N_("Sent"),
    "announcement.tested": N_("The test is on its way to your own address."),
    "audit.announcement.finished": N_("Newsletter sent to everybody who may be written to"),
    "audit.announcement.sent": N_("Newsletter let go"),
    "audit.announcement.tested": N_("Newsletter tried out"),
    "audit.announcement.written": N_("Newsletter written"),
}
