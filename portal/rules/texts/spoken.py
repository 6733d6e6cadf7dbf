"""The language in which a template is being rendered.

Templates ask for dozens of texts a page, so the language is looked up once and each text is one dictionary access.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from babel.support import NullTranslations

from portal.rules.texts import DEFAULT_LOCALE, SOURCE_LOCALE, catalogue

_SPOKEN: ContextVar[str] = ContextVar("portal_spoken", default=DEFAULT_LOCALE)
_SOURCE = NullTranslations()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Render what is inside in `locale`: `fi`, `sv` or `en`."""
    token = _SPOKEN.set(locale)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def spoken_gettext(message: str) -> str:
    """The text in the spoken language."""
    found: str = _catalogue().gettext(message)
    return found


def spoken_ngettext(singular: str, plural: str, count: int) -> str:
    """The text for a count in the spoken language."""
    found: str = _catalogue().ngettext(singular, plural, count)
    return found


def _catalogue() -> NullTranslations:
    locale = _SPOKEN.get()
    return _SOURCE if locale == SOURCE_LOCALE else catalogue(locale)
