"""The fictional customers. Telephone numbers begin with 048, a prefix that is given to no operator; e-mail addresses
end in domains reserved for examples; business IDs lie in a range from which none is issued."""

from __future__ import annotations

from dataclasses import dataclass

from portal.cli.demo.credentials import CUSTOMER_EMAIL
from portal.rules.business_id import check_digit


@dataclass(frozen=True)
class Person:
    """One customer. `orders` is how many orders the demo gives them; `account` says whether they can log in."""

    first_name: str
    last_name: str
    email: str | None
    phone: str
    street: str
    postal_code: str
    city: str
    orders: int
    account: bool = True
    language: str = "fi"
    company: str | None = None
    business_id: str | None = None
    country: str = "FI"


def _business_id(seven: str) -> str:
    digit = check_digit(seven)
    if digit is None:
        raise ValueError(f"{seven} has no check digit")
    return f"{seven}-{digit}"


def _person(name: str, email: str | None, phone: str, address: str, orders: int, **more: object) -> Person:
    """`name` is ``first|last``, `phone` the digits after 048, `address` is ``street|postal code|city``."""
    first, last = name.split("|")
    street, postal_code, city = address.split("|")
    full = f"{email}@example.com" if email and "@" not in email else email
    given = (first, last, full, f"+35848{phone}", street, postal_code, city, orders)
    return Person(*given, **more)  # type: ignore[arg-type]  # the keywords of `Person`, which `**more` hides


def _firm(
    company: str, seven: str, name: str, email: str, phone: str, address: str, orders: int, **more: object
) -> Person:
    return _person(name, email, phone, address, orders, company=company, business_id=_business_id(seven), **more)


# The demo's own customer comes first.
PEOPLE = (
    _person("Aino|Laitinen", CUSTOMER_EMAIL, "2104471", "Merisatamanranta 14 B 23|00180|Helsinki", 34),
    _person("Eero|Hämäläinen", "eero.hamalainen", "2208813", "Pispalan rantatie 31|33200|Tampere", 14),
    _person("Helmi|Koskela", "helmi.koskela", "2319902", "Läntinen Rantakatu 58 A 7|20100|Turku", 12),
    _person("Väinö|Ylä-Mattila", "vaino.ylamattila", "2451077", "Hietasaarentie 9|90100|Oulu", 9),
    _person("Sanni|Äijälä", "sanni.aijala", "2534460", "Satamakatu 12 C 40|70100|Kuopio", 11),
    _person("Pekka|Nieminen-Öhman", "pekka.nieminen", "2677125", "Rantaväylä 3|40100|Jyväskylä", 8),
    _person("Åsa|Sjöblom", "asa.sjoblom", "2740938", "Strandgatan 21|22100|Mariehamn", 13, language="sv", country="AX"),
    _person("Mats|Lindqvist", "mats.lindqvist", "2856641", "Stallörsparken 5|10600|Ekenäs", 10, language="sv"),
    _person("Linnéa|Backström", "linnea.backstrom", "2901186", "Alholmsvägen 44|68600|Jakobstad", 7, language="sv"),
    _person("Karl-Erik|Holmström", "karlerik.holmstrom", "2977302", "Verkviken 112|21710|Korpo", 9, language="sv"),
    _person("Niillas|Näkkäläjärvi", "niillas.nakkalajarvi", "3012284", "Kittiläntie 77|99100|Kittilä", 6),
    _person("Máret|Guttorm-Aŋŋel", "maret.guttorm", "3108850", "Luossatie 18|99980|Utsjoki", 8),
    _person("Áilu|Länsman", "ailu.lansman", "3224917", "Juutuantie 6 B|99870|Inari", 5),
    _person("Olivia|Bennett", "olivia.bennett", "3301164", "Telakkakatu 2 D 61|00180|Helsinki", 9, language="en"),
    _person("Rajesh|Iyer", "rajesh.iyer", "3419908", "Westendinkatu 8 A 14|02600|Espoo", 7, language="en"),
    _person("Dmitri|Volkov", "dmitri.volkov", "3507743", "Tikkurilantie 155 E 3|01300|Vantaa", 5, language="en"),
    _person("Tuulikki|Rantanen", "tuulikki.rantanen", "3618826", "Kirkkokatu 16|48600|Kotka", 10),
    _person("Juhani|Mäkelä", "juhani.makela", "3729015", "Rantakatu 27|67100|Kokkola", 6),
    _person("Eeva-Liisa|Toivonen", "eevaliisa.toivonen", "3840217", "Jokikatu 39 A 2|06100|Porvoo", 8),
    _person("Onni|Heikkinen", "onni.heikkinen", "3955588", "Linnankatu 11|13100|Hämeenlinna", 7),
    _person("Iida|Pöyhönen", "iida.poyhonen", "4021930", "Satamatie 4|53100|Lappeenranta", 6),
    _person("Arvo|Salonen", "arvo.salonen", "4117765", "Antinkatu 22 B 15|28100|Pori", 5),
    _person("Kerttu|Lehtonen", "kerttu.lehtonen", "4203391", "Kalatorinkatu 5|26100|Rauma", 9),
    _person("Jari|Kinnunen", "jari.kinnunen", "4318046", "Olavinkatu 60|57130|Savonlinna", 7),
    _person("Noora|Hyvönen", "noora.hyvonen", "4430582", "Niskakatu 13 A 9|80100|Joensuu", 6),
    _person("Heikki|Väisänen", "heikki.vaisanen", "4512279", "Kauppakatu 40|87100|Kajaani", 4),
    _firm(
        "Rantaravintola Majakka Oy",
        "9104417",
        "Sirpa|Jokinen",
        "tilaukset@rantamajakka.example",
        "5011227",
        "Satamapuisto 1|23500|Uusikaupunki",
        16,
    ),
    _firm(
        "Saimaan Vesiretket Oy",
        "9120355",
        "Timo|Kärkkäinen",
        "toimisto@vesiretket.example",
        "5120349",
        "Laivarannankatu 8|57130|Savonlinna",
        14,
    ),
    _firm(
        "Pohjolan Pursiseura ry",
        "9133001",
        "Antero|Ruuska",
        "rahastonhoitaja@pohjolanpursi.example",
        "5233016",
        "Venesatamantie 25|90100|Oulu",
        11,
    ),
    _firm(
        "Skärgårdens Båtservice Ab",
        "9140268",
        "Kenneth|Wikström",
        "faktura@batservice.example",
        "5340270",
        "Varvsvägen 19|25700|Kimito",
        13,
        language="sv",
    ),
    _firm(
        "Tunturin Kalastusopas Tmi",
        "9151749",
        "Ánte|Morottaja",
        "opas@tunturinkala.example",
        "5451738",
        "Inarintie 202|99870|Inari",
        7,
    ),
    # Known from orders alone: they can sign up with their address and join an order.
    _person(
        "Matti|Jääskeläinen", "matti.jaaskelainen", "4609134", "Savilahdenkatu 7 C 28|50100|Mikkeli", 5, account=False
    ),
    _person("Päivi|Ojala", "paivi.ojala", "4723350", "Valtakatu 49|45100|Kouvola", 4, account=False),
    _person("Reino|Pitkänen", "reino.pitkanen", "4811826", "Ankkurinkatu 10 A 5|15110|Lahti", 3, account=False),
    _person(
        "Gunilla|Nygård", "gunilla.nygard", "4920043", "Brunnsgatan 3|66900|Nykarleby", 4, account=False, language="sv"
    ),
    _person(
        "Emil|Söderlund", "emil.soderlund", "4987718", "Kungsvägen 14|07900|Lovisa", 3, account=False, language="sv"
    ),
    _person(
        "Hannah|Okafor",
        "hannah.okafor",
        "5587204",
        "Mannilantie 30 B 11|04400|Järvenpää",
        3,
        account=False,
        language="en",
    ),
    # Known from the shop's counter and the telephone: no e-mail address at all.
    _person("Toivo|Karhunen", None, "5690311", "Kirkkotie 2|88900|Kuhmo", 3, account=False),
    _person("Elle|Čoavžu-Porsáŋgu", None, "5781955", "Nuorgamintie 345|99990|Nuorgam", 2, account=False),
    _firm(
        "Kalastamo Aalto ja Pojat Ky",
        "9166503",
        "Veikko|Aalto",
        "kalastamo@aaltojapojat.example",
        "5866520",
        "Kalarannantie 6|49400|Hamina",
        6,
        account=False,
    ),
    _firm(
        "Kiinteistö Oy Venevaja",
        "9178826",
        "Merja|Ståhlberg",
        "isannointi@venevaja.example",
        "5978839",
        "Puistokatu 33|65100|Vaasa",
        4,
        account=False,
    ),
)
