"""Which passwords are accepted, and what bcrypt sees of them (SECURITY 1-4, NIST SP 800-63B-4).

Length counts code points of the NFC form. There are no composition rules. A password is refused when it is
short, very long, built of words everybody tries, of the person's own or the company's names, or of a
pattern that a guesser walks through (keyboard rows, repeats, dates). Every refusal says why.

Two looks are taken, both without spaces. The *cover* strips capitals, look-alike characters (``s4l4s4n4``), repeats,
digits and punctuation and asks whether hardly anything is left beside a few known words. The *estimate* is zxcvbn's,
told the Finnish and personal words. zxcvbn's time grows steeply with length, so it sees a window of 40
characters at each end; the better window counts, because a strong part makes the whole strong.
"""

from __future__ import annotations

import base64
import hmac
import re
import unicodedata
from collections.abc import Iterable, Sequence

from zxcvbn import matching, scoring, time_estimates

from portal.rules import known_words
from portal.rules.errors import RuleBroken
from portal.rules.known_words import without_marks

MAX_LENGTH = 128
WINDOW = 40
# zxcvbn's scale of 0-4: three where the password stands alone, two beside a mandatory second factor.
MIN_SCORE_ALONE = 3
MIN_SCORE_SECOND_FACTOR = 2
ONLY_FACTOR_LENGTH = 15
_MIN_WORD = 3
_SPARE_DIGITS = 8
_SPARE_SIGNS = 6
_SPARE_LETTERS = 3
_MOST_EXACT_FIRST = ("password.personal", "password.company", "password.common")
_ADDRESS_NOISE = frozenset({"www", "com", "net", "org"})
_LOOKALIKES = dict(zip("4@035$789€", "aaoesstbge", strict=True))
# "1" stands for i or l, "!" for i or itself: each reading is tried.
_READINGS = [str.maketrans(_LOOKALIKES | {"1": one, "!": sign}) for one in "il" for sign in "!i"]


def check_password(
    password: str,
    *,
    minimum: int,
    personal: Sequence[str],
    company: Sequence[str],
    field: str = "password",
) -> None:
    """Raise RuleBroken unless the password may be used.

    ``minimum`` is 15 code points while the password is the only factor, 8 with a mandatory second one.
    ``personal`` are the person's names, e-mail, phone, user name; ``company`` the controller's names and
    domain. Codes: password.too_short (minimum), password.too_long (maximum), password.characters,
    password.personal, password.company, password.common, password.pattern.
    """
    if is_too_long(password):
        raise RuleBroken.of(field, "password.too_long", maximum=MAX_LENGTH)
    try:
        normal = unicodedata.normalize("NFC", password)
        normal.encode()
    except UnicodeEncodeError:
        raise RuleBroken.of(field, "password.characters") from None
    if any(unicodedata.category(character) == "Cc" for character in normal):
        raise RuleBroken.of(field, "password.characters")
    if len(normal) < minimum:
        raise RuleBroken.of(field, "password.too_short", minimum=minimum)
    own, firm = _context_words(personal), _context_words(company)
    reason = _covered_by_words(normal, own, firm)
    enough = MIN_SCORE_ALONE if minimum >= ONLY_FACTOR_LENGTH else MIN_SCORE_SECOND_FACTOR
    if reason is None and _score(normal, [*own, *firm]) < enough:
        reason = "password.pattern"
    if reason:
        raise RuleBroken.of(field, reason)


def is_too_long(password: str) -> bool:
    """Whether the text is longer than any password: the one measure of choosing and of using one.

    The raw length is looked at first: no composition makes one character of more than four, and putting the marks of a
    long text in order takes time that grows with its square.
    """
    return len(password) > 4 * MAX_LENGTH or len(unicodedata.normalize("NFC", password)) > MAX_LENGTH


def prehash(password: str, pepper: bytes) -> bytes:
    """Return base64(HMAC-SHA-384(pepper, NFC(password))): 64 bytes, bcrypt sees 72 (SECURITY 2).

    Never raises for any text, so that a login with an impossible password does the same work as any other.
    """
    normal = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.digest(pepper, normal, "sha384"))


def _context_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of names and addresses, with and without marks; under three letters is noise."""
    words: set[str] = set()
    for text in texts:
        folded = unicodedata.normalize("NFKC", text).casefold()
        parts = re.findall(r"[^\W_]+", folded)
        # A Finnish number is typed 040…, stored +35840….
        parts += ["0" + part[3:] for part in parts if part.isdigit() and part.startswith("358")]
        words.update(part for part in (*parts, "".join(parts)) if len(part) >= _MIN_WORD)
    words -= _ADDRESS_NOISE
    return frozenset(words | {without_marks(word) for word in words})


def _covered_by_words(password: str, own: frozenset[str], firm: frozenset[str]) -> str | None:
    """Return the code of the refusal when the password is little more than known words, else None."""
    folded = _one_period("".join(unicodedata.normalize("NFKC", password).casefold().split()))
    known = own | firm | known_words.known_words()
    longest, reasons = max(map(len, known)), set()
    for variant in dict.fromkeys((folded, *map(folded.translate, _READINGS))):
        for reading in (variant, variant[::-1]):
            found, spare = _cover(reading, known, longest)
            if found and spare and known_words.are_few(found - own - firm):
                reasons.add(_reason(found, own, firm))
    return next((reason for reason in _MOST_EXACT_FIRST if reason in reasons), None)


def _reason(found: frozenset[str], own: frozenset[str], firm: frozenset[str]) -> str:
    if found & own:
        return "password.personal"
    return "password.company" if found & firm else "password.common"


def _cover(text: str, known: frozenset[str], longest: int) -> tuple[frozenset[str], bool]:
    """Cover a text with known words so that least is left; return them and whether the rest is negligible."""
    # best[i] covers text[:i]: (characters left over, words used, the word that ends here or "").
    best: list[tuple[int, int, str]] = [(0, 0, "")]
    for end in range(1, len(text) + 1):
        left, used, _ = best[end - 1]
        choice = (left + 1, used, "")
        for start in range(max(0, end - longest), end - _MIN_WORD + 1):
            if text[start:end] in known:
                left, used, _ = best[start]
                choice = min(choice, (left, used + 1, text[start:end]))
        best.append(choice)
    found, rest, end = set(), [], len(text)
    while end:
        word = best[end][2]
        if word:
            found.add(word)
        else:
            rest.append(text[end - 1])
        end -= len(word) or 1
    return frozenset(found), _is_negligible(rest)


def _is_negligible(rest: Sequence[str]) -> bool:
    letters = sum(character.isalpha() for character in rest)
    digits = sum(character.isdigit() for character in rest)
    signs = len(rest) - letters - digits
    return letters <= _SPARE_LETTERS and digits <= _SPARE_DIGITS and signs <= _SPARE_SIGNS


def _one_period(text: str) -> str:
    """Return the shortest beginning whose repetition makes the text (its last repeat may be cut)."""
    for size in range(1, len(text) - _MIN_WORD + 1):
        if all(text[index] == text[index - size] for index in range(size, len(text))):
            return text[:size]
    return text


def _score(password: str, words: Sequence[str]) -> int:
    """Return zxcvbn's score 0-4 of the stronger window; a repeated text counts once.

    The library's own entry point keeps the user's words in a shared table; here each call has its own.
    """
    dictionaries = matching.RANKED_DICTIONARIES | {
        "user_inputs": matching.build_ranked_dict(words),
        "finnish": known_words.ranks(),
    }
    once = _one_period("".join(password.split()))
    best = 0
    for window in dict.fromkeys((once[:WINDOW], once[-WINDOW:])):
        found = matching.omnimatch(window, dictionaries)
        guesses = scoring.most_guessable_match_sequence(window, found)["guesses"]
        best = max(best, time_estimates.guesses_to_score(guesses))
        if best >= MIN_SCORE_ALONE:
            break
    return int(best)
