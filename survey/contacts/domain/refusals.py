"""What must not come in with a customer list: by the name of a column, and by the look of a value."""

import re
import unicodedata
from enum import StrEnum


class Refusal(StrEnum):
    """Why a value was left out; the words stand in pages and in the report."""

    SOCIAL_SECURITY = "a social security number"
    CARD = "a card number"
    BANK_ACCOUNT = "a bank account number"


# Whole words and phrases of a column's name, one or many, in the languages our clients keep their lists in.
_PHRASES = """
ssn, itin, nss, nino, nif, dni, curp, cpf, tin, aadhaar, bsn, pesel, personnummer, social security, social insurance,
social sec, soc sec, sin number, sin no, insurance number, insurance no, insurance id, ahv, svnr, sv nr,
national insurance, ni number, ni no, seguridad social, seguro social, securite sociale, numero nir,
tax id, tax number, steuer id, national id,
codice fiscale, passport, passeport, pasaporte, passaporto, pass no, pass nr, pass number, identity card, id card,
card, carta, carte, tarjeta, cartao, karte, cvv, cvc, cc number, cc num, cc no, pan number, pan no, mastercard, amex,
american express,
iban, bban, bic, swift, sort code, routing number, routing no, bank account, account number, account no,
compte bancaire, cuenta bancaria, conto corrente,
health, medical, medicine, medicare, medicaid, nhs, mrn, patient, illness, disease, disability, disabled, wheelchair,
special need, pregnant, pregnancy, prescription, rx, therapy, bmi, covid, icd, hiv,
salud, sante, enfermedad, maladie, handicap, discapacidad, salute, malattia,
religion, religious, faith, church, religione, konfession, glaube,
race, raza, ethnicity, ethnie, etnia, skin colour, skin color,
politics, political, politica, politique, trade union, union member, union membership, sindicato, syndicat,
sexuality, sexual orientation, sexual preference, biometric, biometrics, fingerprint, criminal, conviction,
password, passwort, passwd, pwd, pin, contrasena, mot de passe, senha
"""
# Parts that say enough inside a longer word, as German and programmers like to write them.
_STEMS = (
    "socialsecurity", "sozialversicher", "svnummer", "rentenversicher", "steuernummer", "steuerid", "steueridentifik",
    "reisepass", "passnummer", "passport", "ausweis", "fuhrerschein", "driverslicen", "driverlicen", "drivinglicen",
    "licenciadeconducir", "permisdeconduire", "creditcard", "debitcard", "cardnumber", "cardno", "kreditkart",
    "kartennummer", "cartedecredit", "tarjetadecredito", "numerodetarjeta", "kontonummer", "bankverbindung",
    "bankaccount", "accountnumber", "medicat", "allerg", "alergi", "vaccin", "vacuna", "impfung", "impfstatus",
    "bloodtype", "bloodgroup", "blutgruppe",
    "versicherten", "gesundheit", "krankheit", "krankenkasse", "krankenversicher", "diagnos",
    "behinder", "schwanger", "medikament", "religi", "konfession", "ethnic", "ethni", "hautfarbe", "gewerkschaft",
    "politisch", "sexualorient", "sexuelle", "orientationsexuelle", "biometr", "vorstrafe", "password", "passwort",
)  # fmt: skip
_REFUSED_PHRASES = re.compile(rf"\b(?:{'|'.join(phrase.strip() for phrase in _PHRASES.split(','))})s?\b")
_REFUSED_STEMS = re.compile("|".join(_STEMS))
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")


def plain_words(name: str) -> str:
    """A column's name without accents, capitals and signs: "E-Mail Adresse" becomes "e mail adresse"."""
    spaced = _HUMP.sub(" ", name)
    letters = unicodedata.normalize("NFKD", spaced.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _NOT_ALPHANUMERIC.sub(" ", bare).strip()


def is_refused_column(name: str) -> bool:
    """Whether a column of this name must not be imported at all."""
    words = plain_words(name)
    return bool(_REFUSED_PHRASES.search(words) or _REFUSED_STEMS.search(words.replace(" ", "")))


_COUNTRY = r"(?<![A-Za-z0-9])[A-Za-z]{2}"
_GAP = r"[ \u00a0\u202f.\-\u2010-\u2013]"
# Nothing that we refuse has fewer than nine digits (or, a bank account, a country and ten more signs). The pattern
# begins with a digit, so that it costs nothing where there is none.
_WORTH_A_LOOK = re.compile(rf"\d(?:(?:{_GAP}?\d){{8}}|(?<={_COUNTRY}\d)\d(?:{_GAP}?[A-Za-z0-9]){{10}})")
_SOCIAL_SECURITY = re.compile(
    rf"(?<![\d-])\d{{3}}({_GAP})\d\d\1\d{{4}}(?![\d-])"
    r"|\b(?:ssn|social security(?: (?:number|no|nr))?)\W{0,3}\d{9}(?!\d)",
    re.IGNORECASE,
)
_DIGITS = re.compile(rf"\d+(?:{_GAP}\d+)*")
_ONE_GAP = re.compile(_GAP)
_ACCOUNT_START = re.compile(rf"{_COUNTRY}\d\d")
_CARD_LENGTHS = range(13, 20)
# ISO 13616, the registry's lengths of whole account numbers by country.
_ACCOUNT_LENGTHS = {
    country: int(length)
    for country, length in re.findall(
        r"([A-Z]{2})(\d\d)",
        """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29
    ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
    LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29
    PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
    YE30
""",
    )
}


def is_worth_a_look(text: str) -> bool:
    """Whether a text has enough digits together to hold something refused; cheap, so that whole rows can be asked."""
    return _WORTH_A_LOOK.search(text) is not None


def refusal_of(value: str) -> Refusal | None:
    """What in this value must not come in, wherever in it it stands; None where there is nothing."""
    # Full-width and other digits would pass by patterns written for ours.
    text = unicodedata.normalize("NFKC", value) if not value.isascii() else value
    if _SOCIAL_SECURITY.search(text):
        return Refusal.SOCIAL_SECURITY
    if any(_has_card(run[0]) for run in _DIGITS.finditer(text)):
        return Refusal.CARD
    if any(_is_account(text[start.start() :]) for start in _ACCOUNT_START.finditer(text)):
        return Refusal.BANK_ACCOUNT
    return None


def _has_card(run: str) -> bool:
    """Whether neighbouring groups of digits make a card number; groups, since an expiry date may follow it."""
    groups = _ONE_GAP.split(run)
    for first in range(len(groups)):
        digits = ""
        for group in groups[first:]:
            digits += group
            if len(digits) >= _CARD_LENGTHS.stop:
                break
            if len(digits) in _CARD_LENGTHS and digits[0] in "23456" and _passes_luhn(digits):
                return True
    return False


def _passes_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1."""
    numbers = [int(digit) for digit in reversed(digits)]
    doubled = (sum(divmod(2 * number, 10)) for number in numbers[1::2])
    return (sum(numbers[0::2]) + sum(doubled)) % 10 == 0


def _is_account(text: str) -> bool:
    """The check digits of ISO 13616 (ISO 7064, modulo 97) over the length that the country's numbers have."""
    length = _ACCOUNT_LENGTHS.get(text[:2].upper(), 0)
    signs = _ONE_GAP.sub("", text[: 2 * length])[:length].upper()
    if not length or len(signs) < length or not signs.isascii() or not signs.isalnum():
        return False
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1
