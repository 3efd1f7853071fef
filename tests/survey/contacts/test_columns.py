"""Guessing what the columns of a list hold."""

import pytest

from survey.contacts.domain import DateOrder, Field, Mapping, guessed_mapping, refused_positions

HEADERS = {
    "English": [
        "First name",
        "Surname",
        "E-mail address",
        "Store",
        "Visited on",
        "Language",
        "Company",
        "Town",
        "Notes",
    ],
    "German": [
        "Vorname",
        "Nachname",
        "E-Mail-Adresse",
        "Filiale",
        "Besuchsdatum",
        "Sprache",
        "Firma",
        "Ort",
        "Bemerkung",
    ],
    "Spanish": [
        "Nombre",
        "Apellidos",
        "Correo electrónico",
        "Tienda",
        "Fecha de visita",
        "Idioma",
        "Empresa",
        "Ciudad",
        "Observaciones",
    ],
    "French": ["Prénom", "Nom", "Courriel", "Magasin", "Date de visite", "Langue", "Société", "Ville", "Commentaires"],
    "code": ["firstName", "lastName", "emailAddress", "store_id", "visit_date", "lang", "companyName", "city", "note"],
}
EVERY_FIELD = [
    Field.FIRST_NAME,
    Field.LAST_NAME,
    Field.EMAIL,
    Field.STORE,
    Field.VISIT_DATE,
    Field.LANGUAGE,
    Field.COMPANY,
    Field.CITY,
    Field.NOTE,
]


@pytest.mark.parametrize("language", HEADERS)
def test_columns_are_guessed_by_their_names(language: str) -> None:
    mapping = guessed_mapping(HEADERS[language], [], ())
    assert [mapping.columns.get(at) for at in range(9)] == EVERY_FIELD


def test_a_refused_column_is_never_guessed_to_be_anything() -> None:
    header = ["email", "credit card", "Social security note"]
    sample = [["a@example.com", "4111111111111111", "x"]]
    assert (guessed_mapping(header, sample, ()).columns, refused_positions(header)) == ({0: Field.EMAIL}, [1, 2])


def test_without_a_header_columns_are_guessed_by_what_they_hold() -> None:
    sample = [
        ["Ada", "Xu", "ada@example.com", "31/08/2026", "CK-1", "de"],
        ["Bo", "Li", "bo@example.com", "", "CK-2", "en"],
    ]
    mapping = guessed_mapping([], sample, {"ck-1", "ck-2"})
    expected = [Field.FIRST_NAME, Field.LAST_NAME, Field.EMAIL, Field.VISIT_DATE, Field.STORE, Field.LANGUAGE]
    assert [mapping.columns.get(at) for at in range(6)] == expected


def test_the_exact_name_wins_over_a_longer_one_that_stands_before_it() -> None:
    mapping = guessed_mapping(["Store e-mail", "E-mail"], [], ())
    assert mapping.columns[1] is Field.EMAIL
    assert mapping.columns.get(0) is not Field.EMAIL


def test_a_mapping_comes_back_from_the_database_as_it_went_in() -> None:
    mapping = Mapping({0: Field.EMAIL, 3: Field.STORE}, DateOrder.MONTH_FIRST, "de")
    assert Mapping.from_json(mapping.to_json()) == mapping
