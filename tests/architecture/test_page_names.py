"""Every page that usage statistics can note has a name by which its visitor knows it."""

from portal.rules.texts import TEXTS
from portal.web.usage_log import OWN_PAGES
from tests.web.matrix.places import PAGES
from tests.web.matrix.samples import LINKS

# Answers that are no pages: files and the operator's probes. Links in mail lead on to a page.
FILES = {
    *("access_requests.file", "access_requests.letter", "access_requests.receipt", "public.request_form"),
    *("privacy.data_copy_file", "privacy.request_copy"),
}
NO_PAGES = {"static", "public.healthz", "public.readyz"} | FILES | set(LINKS)
LONGEST = 60


def named() -> list[str]:
    """Codes of the views that can be noted."""
    return sorted(
        {
            place.endpoint
            for place in PAGES
            if not place.in_staff_area and place.endpoint not in NO_PAGES and not place.endpoint.startswith(OWN_PAGES)
        }
    )


def test_every_page_has_a_name() -> None:
    missing = [f'add "page.{code}" to portal/rules/texts/pages.py' for code in named() if f"page.{code}" not in TEXTS]
    assert not missing, "customers see the pages they opened by name (or name it in NO_PAGES):\n" + "\n".join(missing)


def test_no_name_is_left_over() -> None:
    assert sorted(code for code in TEXTS if code.startswith("page.")) == [f"page.{code}" for code in named()]


def test_every_code_fits_its_column() -> None:
    assert max(len(code) for code in named()) <= LONGEST
