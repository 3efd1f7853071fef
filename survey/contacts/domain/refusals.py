"""What must not come in with a customer list: by the name of a column, and by the look of a value."""

import re
import unicodedata
from enum import StrEnum

from privacy.redaction import bank_accounts, card_numbers, social_security_numbers


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


def refusal_of(value: str) -> Refusal | None:
    """What in this value must not come in, wherever in it it stands; None where there is nothing."""
    # Full-width and other digits would pass by patterns written for ours.
    text = unicodedata.normalize("NFKC", value) if not value.isascii() else value
    if any(True for _ in social_security_numbers(text)):
        return Refusal.SOCIAL_SECURITY
    if any(True for _ in card_numbers(text)):
        return Refusal.CARD
    if any(True for _ in bank_accounts(text)):
        return Refusal.BANK_ACCOUNT
    return None
