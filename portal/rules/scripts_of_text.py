"""Which writing systems a text uses, to refuse look-alike mixtures (SECURITY 50)."""

from __future__ import annotations

import unicodedata

# Modifier letters (the Hawaiian ʻ, the Japanese ー) belong to no script and are left out.
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lo"})
# Japanese, Chinese and Korean writing mix these by nature; they count as one.
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})


def scripts(text: str) -> frozenset[str]:
    """Return the scripts of the letters in a text, by the first word of their Unicode names."""
    found = set()
    for character in text:
        if character.isascii():
            if character.isalpha():
                found.add("LATIN")
        elif unicodedata.category(character) in _LETTERS:
            script = unicodedata.name(character, "UNKNOWN").split(" ")[0].split("-")[0]
            found.add("EAST ASIAN" if script in _EAST_ASIAN else script)
    return frozenset(found)
