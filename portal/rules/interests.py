"""Interests a customer can tell: topics of a fixed list, and own words. A product fits one by its name."""

from __future__ import annotations

from collections.abc import Iterable

from portal.rules.clean_text import clean_line
from portal.rules.errors import Problem, RuleBroken
from portal.rules.names import fold, strip_marks

LONGEST_WORDS = 60
MOST_WORDS = 10
# Shorter own words would be found inside too many names.
SHORTEST_MATCH = 3
# Parts of product names by topic, in Finnish, Swedish and English, without marks.
TOPICS: dict[str, tuple[str, ...]] = {
    "boating": (
        *("vene", "ankkuri", "koysi", "lepuuttaja", "kompassi", "kulkuvalo", "pilssi", "pohjamaali", "purje"),
        *("segel", "ankare", "fender", "kompass", "batmotor", "bottenfarg", "boat", "anchor", "sail", "compass"),
    ),
    "fishing": ("kalast", "virveli", "vaappu", "uistin", "onki", "fiske", "spinnspo", "wobbler", "fishing", "lure"),
    "paddling": ("kajak", "melonta", "kanootti", "kanot", "paddel", "sup-lauta", "kayak", "canoe", "paddle"),
    "outdoors": (
        *("retki", "teltta", "makuupussi", "rinkka", "puukko", "kuivasakki", "vandring", "sovsack", "ryggsack"),
        *("friluft", "hiking", "camping", "sleeping bag", "backpack"),
    ),
    "clothing": (
        *("takki", "housut", "saappaat", "sukat", "paita", "kengat", "jacka", "byxor", "stovlar", "strumpor", "skor"),
        *("jacket", "trousers", "boots", "socks", "shirt", "shoes"),
    ),
    "books": ("kirja", "lehti", "kartta", "opas", "handbok", "tidning", "sjokort", "book", "magazine", "chart"),
    "electronics": (
        *("plotteri", "radiopuhelin", "laturi", "akku", "paneeli", "tietokone", "naytto", "kannettava", "puhelin"),
        *("laddare", "batteri", "dator", "skarm", "telefon", "charger", "battery", "computer", "monitor", "laptop"),
    ),
    "home": (
        *("huonekalu", "valaisin", "puutarha", "keittio", "matto", "mobel", "mobler", "lampa", "tradgard"),
        *("furniture", "garden", "kitchen", "lamp"),
    ),
    "food": ("kahvi", "ruoka", "suklaa", "mauste", "kaffe", "choklad", "krydda", "coffee", "food", "chocolate"),
}


def check_interests(topics: Iterable[str], words: str) -> tuple[list[str], list[str]]:
    """Return the topics in the order of the list, and the own words, one from each line that is not empty.

    Words that differ only in capital letters are told once. Codes: interest.unknown, interest.too_many, and those of
    `clean_line`.
    """
    chosen = set(topics)
    problems = [] if chosen <= set(TOPICS) else [Problem("topics", "interest.unknown")]
    own: dict[str, str] = {}
    for line in words.splitlines():
        try:
            cleaned = clean_line(line, LONGEST_WORDS, "words")
        except RuleBroken as broken:
            problems += broken.problems
            continue
        if cleaned:
            own.setdefault(fold(cleaned), cleaned)
    if len(own) > MOST_WORDS:
        problems.append(Problem("words", "interest.too_many", {"maximum": MOST_WORDS}))
    if problems:
        raise RuleBroken(*dict.fromkeys(problems))
    return [topic for topic in TOPICS if topic in chosen], list(own.values())


def fitting(folded_product: str, interests: Iterable[str]) -> str | None:
    """Return the first of these interests (topics and own words) that a product's folded name fits, or None."""
    for interest in interests:
        own = strip_marks(interest)
        parts = TOPICS.get(interest) or ((own,) if len(own) >= SHORTEST_MATCH else ())
        if any(part in folded_product for part in parts):
            return interest
    return None
