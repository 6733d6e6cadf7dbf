"""Words that stand on every document."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "document.latin_letters": N_(
        "What stands in square brackets was written with letters or signs that this document cannot show."
        " It is given in Latin letters here; the original is kept as it was written."
    ),
    "document.page": N_("Page"),
}
