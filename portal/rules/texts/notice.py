"""Sentences of the privacy notice that the data copy repeats: recipients, transfers, rights, decisions, complaints."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "notice.recipients": N_(
        "Your data are used by our own employees whose work needs them. We disclose data to authorities only where "
        "the law obliges us to. Companies that maintain or develop this service for us process data on our behalf and "
        "under our instructions only, and do not use them for anything of their own."
    ),
    "notice.recipients.named": N_("These companies handle our customers' data for us or get them from us:"),
    "notice.not_sold": N_("We do not sell your data or hand them over for other companies' marketing."),
    "notice.transfers": N_(
        "We do not transfer your data outside the European Union or the European Economic Area. Should a technical "
        "reason ever demand it, we would do it only with the safeguards the GDPR requires and tell you here beforehand."
    ),
    "notice.transfers.named": N_(
        "We transfer data outside the European Union and the European Economic Area only to the recipients that are "
        "marked so above, and only with the safeguard that stands with each. Ask us, and you get a copy of it."
    ),
    "notice.decisions": N_(
        "We use your data for nothing else. We make no decisions about you by automated means alone, and we do not "
        "profile you for such decisions."
    ),
    "notice.right.access": N_("You may see what we hold about you and get a copy of it."),
    "notice.right.correction": N_(
        "You may have wrong data corrected. Contact details you can change in your account at any time."
    ),
    "notice.right.erasure": N_("You may ask us to erase your data or to restrict their use."),
    "notice.right.objection": N_(
        "You may object to use that is based on our legitimate interest. Direct marketing ends at once when you "
        "forbid it."
    ),
    "notice.right.portability": N_(
        "You may get the data you have given us in a machine-readable form and move them elsewhere."
    ),
    "notice.right.consent": N_(
        "Where use is based on your consent, you may withdraw it at any time. That does not affect what was "
        "done before."
    ),
    "notice.using_rights": N_(
        "To use a right, contact us by e-mail, letter or phone, or in the shop. We answer within one month. It costs "
        "nothing, and you need not give a reason."
    ),
    "notice.complaint": N_(
        "If you think that we handle your data unlawfully, you may complain to the Data Protection Ombudsman:"
    ),
    "notice.ombudsman": N_("Data Protection Ombudsman"),
}
RIGHTS = ("access", "correction", "erasure", "objection", "portability", "consent")
OMBUDSMAN_SITE = "https://tietosuoja.fi/"
