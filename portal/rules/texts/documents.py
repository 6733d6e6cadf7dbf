"""Words that stand on every document."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "document.page": N_("Page"),
}
