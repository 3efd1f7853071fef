"""The language a person is written to in, from the codes and names that lists use."""

import re

from .refusals import plain_words

DEFAULT_LANGUAGE = "en"
_CODE = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9]{2,8})*")
# ISO 639-1.
_CODES = frozenset(
    re.findall(
        r"[a-z]{2}",
        """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja
    jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq
    sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
""",
    )
)
_NAMES = {
    plain_words(name): code
    for code, names in {
        "ar": "Arabic, Arabisch, árabe, arabe",
        "bg": "Bulgarian, Bulgarisch",
        "ca": "Catalan, català, catalán, Katalanisch",
        "cs": "Czech, čeština, Tschechisch, checo, tchèque",
        "da": "Danish, dansk, Dänisch, danés, danois",
        "de": "German, Deutsch, alemán, allemand, tedesco, Duits",
        "en": "English, Englisch, inglés, anglais, inglese, Engels, eng",
        "es": "Spanish, Spanisch, español, castellano, espagnol, spagnolo, Spaans, esp",
        "fi": "Finnish, suomi, Finnisch, finés, finnois",
        "fr": "French, Französisch, francés, français, francese, Frans, fra",
        "it": "Italian, Italienisch, italiano, italien",
        "ja": "Japanese, Japanisch, japonés, japonais",
        "nb": "Norwegian, norsk, bokmål, Norwegisch, noruego, norvégien",
        "nl": "Dutch, Nederlands, Niederländisch, holandés, neerlandés, néerlandais, olandese",
        "pl": "Polish, polski, Polnisch, polaco, polonais",
        "pt": "Portuguese, português, Portugiesisch, portugués, portugais, portoghese",
        "ro": "Romanian, română, Rumänisch, rumano, roumain",
        "sv": "Swedish, svenska, Schwedisch, sueco, suédois",
        "tr": "Turkish, Türkçe, Türkisch, turco, turc",
        "zh": "Chinese, Chinesisch, chino, chinois, Mandarin",
    }.items()
    for name in names.split(",")
}
# What staff can choose for people whose row names none.
LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "sv": "Svenska",
    "tr": "Türkçe",
}


def is_language(code: str) -> bool:
    """Whether a code is one of ISO 639-1."""
    return code in _CODES


def language_of(text: str) -> str | None:
    """The two-letter code that "de", "de-AT", "German" or "Deutsch" stand for; None where it is not known."""
    if text in _CODES:
        return text
    code = _CODE.fullmatch(text)
    if code and code[1].lower() in _CODES:
        return code[1].lower()
    return _NAMES.get(plain_words(text))
