"""Wordings that betray what a text is about, in English and Spanish: never, special, identifying, telling."""

import re

Wordings = tuple[tuple[re.Pattern[str], str], ...]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


def first_of(wordings: Wordings, text: str) -> str:
    """What the first wording that stands in the text is about; empty where none does."""
    return next((what for pattern, what in wordings if pattern.search(text.strip())), "")


NEVER: Wordings = (
    (
        _any(
            r"social security", r"ssn", r"national (?:id|identity|insurance)", r"passport", r"pasaporte", r"dni",
            r"tax(?:payer)? (?:id|number)", r"driv(?:er|ing)['’]?s? licen[cs]e", r"n[uú]mero de la seguridad social",
        ),
        "a government identity number",
    ),
    (
        _any(
            r"(?:credit|debit|bank) ?card (?:no|number)", r"card number", r"cvv", r"iban", r"(?:bank )?account number",
            r"routing number", r"n[uú]mero de (?:la )?(?:tarjeta|cuenta)",
        ),
        "a card or bank account number",
    ),
    (_any(r"password", r"passcode", r"pin (?:code|number)", r"contraseña"), "a password or PIN"),
)  # fmt: skip

# GDPR Articles 9 and 10, and the sensitive categories of the California Consumer Privacy Act.
SPECIAL: Wordings = (
    (
        _any(
            r"^health", r"(?:your|tu|su) (?:health|salud)", r"health (?:condition|problem|status|insurance)s?",
            r"medical", r"medications?", r"diagnos\w+", r"illness(?:es)?", r"disability", r"are you disabled",
            r"pregnan\w+", r"discapacidad", r"enfermedad(?:es)?", r"embaraz\w+",
        ),
        "health",
    ),
    (
        _any(r"^race", r"your race", r"racial\w*", r"ethnic\w*", r"skin colou?r", r"raza", r"etnia", r"étnic\w+"),
        "race or ethnic origin",
    ),
    (_any(r"religio\w+", r"your faith", r"religi[oó]n"), "religion or belief"),
    (_any(r"sexual\w*", r"sex life", r"transgender"), "sex life or orientation"),
    (
        _any(
            r"political\w*", r"vot(?:e|ed|ing) for", r"which (?:political )?party", r"trade union", r"union member\w*",
            r"sindicat\w+", r"pol[ií]tic[ao]s?",
        ),
        "politics or union membership",
    ),
    (_any(r"criminal record", r"convict(?:ed|ions?)", r"arrested", r"antecedentes penales"), "criminal convictions"),
    (_any(r"fingerprints?", r"genetic\w*", r"dna", r"biometric\w*"), "genetic or biometric data"),
    (_any(r"immigration status", r"citizenship", r"situaci[oó]n migratoria"), "immigration status"),
)  # fmt: skip

IDENTIFYING: Wordings = (
    (
        _any(
            r"^(?:full )?name", r"(?:your|full|first|last|family) (?:full |first |last |family )?names?", r"surname",
            r"names? of the (?:assistant|cashier|employee|server|waiter|manager)", r"(?:tu|su) nombre", r"apellidos?",
        ),
        "a name",
    ),
    (_any(r"^e-?mail", r"your e-?mail", r"e-?mail address", r"correo electr[oó]nico"), "an e-mail address"),
    (
        _any(r"^(?:tele)?phone", r"(?:tele)?phone number", r"mobile number", r"your (?:tele)?phone", r"tel[eé]fono"),
        "a phone number",
    ),
    (
        _any(r"^address", r"(?:home|street|postal|your) address", r"where do you live", r"direcci[oó]n postal"),
        "an address",
    ),
    (_any(r"date of birth", r"birth ?da(?:y|te)", r"when were you born", r"fecha de nacimiento"), "a date of birth"),
    (_any(r"licen[cs]e plate", r"number plate", r"matr[ií]cula"), "a number plate"),
    (
        _any(r"(?:loyalty|membership|customer|order|receipt|booking) (?:card )?(?:no|number|id)"),
        "a customer or order number",
    ),
    (_any(r"user ?name", r"instagram", r"facebook", r"twitter", r"tiktok", r"linkedin"), "a social network account"),
    (_any(r"ip address", r"gps", r"exact location"), "a device or its place"),
)  # fmt: skip

# Harmless one by one, telling together.
QUASI: Wordings = (
    (_any(r"how old", r"your age", r"^age", r"age group", r"edad"), "age"),
    (_any(r"gender", r"your sex", r"g[eé]nero", r"sexo"), "gender"),
    (_any(r"post ?code", r"zip(?: code)?", r"c[oó]digo postal", r"which (?:town|city|district)"), "place"),
    (_any(r"occupation", r"your job", r"job title", r"your profession", r"profesi[oó]n"), "job"),
    (_any(r"income", r"you earn", r"salary", r"ingresos", r"salario"), "income"),
    (_any(r"household", r"your children", r"marital", r"hogar", r"hijos"), "household"),
    (_any(r"your education", r"level of education", r"(?:highest|academic) degree", r"estudios"), "education"),
    (_any(r"nationality", r"mother tongue", r"first language", r"nacionalidad"), "origin"),
)
