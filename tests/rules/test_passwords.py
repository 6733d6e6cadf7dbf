"""Passwords (SECURITY 1-4)."""

import unicodedata

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zxcvbn import matching

from portal.rules.errors import RuleBroken
from portal.rules.passwords import MAX_LENGTH, check_password, prehash

PERSONAL = ["Aino Näkkäläjärvi", "aino.nakkalajarvi@kauppa.example", "+358401234567"]
COMPANY = ["Mikromafia Oy", "mikromafia.fi"]
PEPPER = b"p" * 32


def verdict(password: str, minimum: int = 15) -> str:
    """The code of the refusal, or "accepted"."""
    try:
        check_password(password, minimum=minimum, personal=PERSONAL, company=COMPANY)
    except RuleBroken as broken:
        (problem,) = broken.problems
        assert problem.field == "password"
        return problem.code
    return "accepted"


@pytest.mark.parametrize(
    "password",
    [
        "tuikku lapio värinä kivi",
        "hevonen akku paristo niitti",
        "äiti osti neljä vihreää sohvaa",
        "xK9#mPq2$vL7@nRw",
        "Murheellisten laulujen maa on kaukana täältä",
        "pöllö istui hiljaa aidalla",
        "čuovvut dál min báikki",
        "aino istui hiljaa pitkään metsässä",
        "kissa koira hevonen poro",
        "hyvää päivää sanoi vihainen kirvesvarsi",
    ],
)
def test_accepted(password: str) -> None:
    assert verdict(password) == "accepted"


@pytest.mark.parametrize(
    "password",
    [
        "salasanasalasana",
        "kesäkuu2026!kesäkuu",
        "KESÄKUU2026!kesäkuu",
        "S4l4s4n4!S4l4s4n4",
        "Salasana1234567!",
        "tammikuu helmikuu maaliskuu",
        "Talvi2025!Talvi2025!",
        "kesakuu2026kesakuu",
        "Maanantai123!!!!",
        "5A1A5ANA5A1A5ANA",
        "suomiFinland2026",
        "anasalasanasalas",
        "ÄitiÄitiÄitiÄiti1",
        "Perkele!Perkele!",
        "password12345678",
        "qwertyuiopasdfgh",
        "helppo salasana 123",
        "tämä on salasana!",
        "tama on salasana!",
        "maanantaiaamu2024",
        "suomenlippu2024!",
        "kahvikuppi kahvikuppi",
    ],
)
def test_words_everybody_tries(password: str) -> None:
    assert verdict(password) == "password.common"


@pytest.mark.security(4)
@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "correcthorsebatterystaple",
        "thequickbrownfox",
        "hyvää joulua kaikille",
        "hyvaajoulua2025!",
        "minä rakastan sinua",
        "oma tupa oma lupa",
        "god jul och gott nytt år",
    ],
)
def test_phrases_everybody_knows(password: str) -> None:
    assert verdict(password) == "password.common"


@pytest.mark.security(4)
@pytest.mark.parametrize(
    "password", ["talvi kevät kesä syksy", "maanantai tiistai keskiviikko torstai", "yksi kaksi kolme neljä viisi"]
)
def test_words_that_follow_from_each_other_count_as_one(password: str) -> None:
    assert verdict(password) == "password.common"


@pytest.mark.security(4)
@pytest.mark.parametrize("password", ["jäätelö1", "kahvikuppi", "Lumiukko", "sohvatyyny", "Kesäpäivä7"])
def test_beside_a_second_factor_they_are_no_better(password: str) -> None:
    assert verdict(password, minimum=8) == "password.common"


@pytest.mark.security(4)
def test_spaces_make_no_password_stronger() -> None:
    assert verdict("s a l a s a n a 1") == "password.common"
    assert verdict("1 2 3 4 5 6 7 8 9 0 1 2") == "password.pattern"


@pytest.mark.parametrize(
    "password",
    [
        "AinoNakkalajarvi1",
        "Näkkäläjärvi2026!",
        "n4kk4l4j4rv1!!!!",
        "aino.nakkalajarvi@kauppa.example",
        "ivräjäläkkän1985!",
        "aino aino aino aino",
        "0401234567040123",
        "ainokesäkuu2026!",
    ],
)
def test_the_persons_own_names(password: str) -> None:
    assert verdict(password) == "password.personal"


@pytest.mark.parametrize("password", ["MikromafiaMikromafia", "mikromafia2026!!", "M1krom4f14salasana"])
def test_the_companys_names(password: str) -> None:
    assert verdict(password) == "password.company"


@pytest.mark.parametrize(
    "password",
    ["aaaaaaaaaaaaaaaaa", "12345678901234567", "1q2w3e4r5t6y7u8i", "01.01.1990 01.01.1990", "abababababababab"],
)
def test_patterns(password: str) -> None:
    assert verdict(password) == "password.pattern"


def test_a_name_within_a_strong_password_is_no_reason() -> None:
    assert verdict("aino tuikku lapio värinä kivi") == "accepted"


def test_length_in_code_points_of_nfc() -> None:
    word = "tuikku lapio vä"
    assert len(word) == 15
    assert verdict(word) == "accepted"
    assert verdict(unicodedata.normalize("NFD", word)) == "accepted"
    assert verdict(word[:-1]) == "password.too_short"
    assert verdict(unicodedata.normalize("NFD", "tuikku lapiovä")) == "password.too_short"
    assert verdict("kQ7#vä2!", minimum=8) == "accepted"
    assert verdict("kQ7#vä2", minimum=8) == "password.too_short"


def test_up_to_128_code_points() -> None:
    sentence = "tuikku lapio värinä kivi juoksi metsän halki ja löysi sieltä vanhan polkupyörän, " * 2
    assert verdict(sentence[:64]) == "accepted"
    assert verdict(sentence[:MAX_LENGTH]) == "accepted"
    assert verdict(sentence[:MAX_LENGTH] + "x") == "password.too_long"
    assert verdict("a" * 1_000_000) == "password.too_long"


def test_a_weak_beginning_does_not_hide_a_strong_end() -> None:
    assert verdict("a" * 60 + " tuikku lapio värinä kivi") == "accepted"


@pytest.mark.parametrize(
    "password", ["tuikku lapio\x00värinä kivi", "tuikku\r\nlapio värinä", "tuikku lapio \ud800 kivi"]
)
def test_characters_that_cannot_be_typed_again(password: str) -> None:
    assert verdict(password) == "password.characters"


def test_the_field_is_the_callers() -> None:
    with pytest.raises(RuleBroken) as broken:
        check_password("x", minimum=15, personal=[], company=[], field="new_password")
    assert broken.value.problems[0].field == "new_password"
    assert broken.value.problems[0].params == {"minimum": 15}


def test_nobodys_names_stay_in_the_librarys_tables() -> None:
    check_password("tuikku lapio värinä kivi", minimum=15, personal=["Harvinainen Sukunimi"], company=[])
    assert "user_inputs" not in matching.RANKED_DICTIONARIES


@settings(max_examples=40)
@given(st.text(min_size=15, max_size=140))
def test_any_text_is_accepted_or_refused_with_a_reason(password: str) -> None:
    assert verdict(password).partition(".")[0] in ("accepted", "password")


def test_bcrypt_sees_every_character() -> None:
    one, other = prehash("ä" * 99 + "a", PEPPER), prehash("ä" * 99 + "b", PEPPER)
    assert len(one) == 64
    assert one != other
    hashed = bcrypt.hashpw(one, bcrypt.gensalt(4))
    assert bcrypt.checkpw(one, hashed)
    assert not bcrypt.checkpw(other, hashed)


def test_prehash_depends_on_the_pepper_and_on_nfc() -> None:
    assert prehash("salasana", PEPPER) != prehash("salasana", b"q" * 32)
    assert prehash("ä", PEPPER) == prehash("a\u0308", PEPPER)


@given(st.text(st.characters(exclude_categories=[]), max_size=200))
def test_prehash_takes_any_text(password: str) -> None:
    digest = prehash(password, PEPPER)
    assert len(digest) == 64
    assert b"\x00" not in digest
