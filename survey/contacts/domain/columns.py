"""Which column of a list holds what: guesses by name and by content, and the mapping that staff confirm."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .addresses import kept_address
from .languages import DEFAULT_LANGUAGE, language_of
from .refusals import is_refused_column, plain_words
from .visits import DateOrder, guessed_order, visit_date


class Field(StrEnum):
    """What a column may be imported as."""

    EMAIL = "email"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    FULL_NAME = "full_name"
    STORE = "store"
    VISIT_DATE = "visit_date"
    LANGUAGE = "language"
    COMPANY = "company"
    CITY = "city"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Position of a column (from 0) to what it is imported as; a position that is missing is left out."""

    columns: dict[int, Field]
    date_order: DateOrder = DateOrder.DAY_FIRST
    language: str = DEFAULT_LANGUAGE  # of people whose row names none

    @property
    def has_address(self) -> bool:
        return Field.EMAIL in self.columns.values()

    def without(self, positions: Collection[int]) -> "Mapping":
        """The same, with some columns left out."""
        return replace(self, columns={at: field for at, field in self.columns.items() if at not in positions})

    def to_json(self) -> dict[str, object]:
        """As kept in the database; it names fields and positions, never what the file calls its columns."""
        columns = {str(position): field.value for position, field in sorted(self.columns.items())}
        return {"columns": columns, "date_order": self.date_order.value, "language": self.language}

    @classmethod
    def from_json(cls, kept: dict[str, object]) -> "Mapping":
        columns = kept.get("columns")
        pairs = columns.items() if isinstance(columns, dict) else ()
        return cls(
            {int(position): Field(field) for position, field in pairs},
            DateOrder(str(kept.get("date_order", DateOrder.DAY_FIRST))),
            str(kept.get("language", DEFAULT_LANGUAGE)),
        )


# In the order in which fields choose their column: a name that is only part of a longer one comes later.
_NAMES: dict[Field, str] = {
    Field.EMAIL: """
        email, e mail, mail, email address, e mail address, mail address, emailaddress, contact email, customer email,
        email 1, e mail adresse, email adresse, mailadresse, emailadresse, correo, correo electronico, direccion de
        correo, courriel, adresse e mail, adresse email, adresse mail, adresse courriel, mel, indirizzo email, posta
        elettronica, endereco de email, emailadres, e mailadres, e post, epost, adres e mail""",
    Field.FIRST_NAME: """
        first name, firstname, first, given name, givenname, given names, forename, christian name, fname, vorname,
        rufname, nombre, nombres, nombre de pila, prenom, prenoms, nome, primeiro nome, voornaam, fornavn, fornamn,
        imie""",
    Field.LAST_NAME: """
        last name, lastname, last, surname, family name, familyname, lname, nachname, familienname, zuname, apellido,
        apellidos, primer apellido, nom, nom de famille, cognome, sobrenome, apelido, achternaam, efternavn, efternamn,
        etternavn, nazwisko""",
    Field.FULL_NAME: """
        name, full name, fullname, customer name, customer, contact, contact name, guest name, vollstandiger name,
        kunde, kundenname, nombre completo, nombre y apellidos, cliente, nom complet, nom et prenom, nom prenom, client,
        nome completo, naam""",
    Field.STORE: """
        store, store code, store id, store number, store no, shop, shop code, shop id, branch, branch code, branch id,
        location, location code, location id, outlet, site, site code, unit, filiale, filial, filial nr, filialnummer,
        filialcode, markt, marktnummer, standort, geschaft, laden, tienda, codigo de tienda, sucursal, local, magasin,
        code magasin, succursale, point de vente, agence, boutique, negozio, punto vendita, loja, winkel, filiaal,
        butik, butikk, sklep""",
    Field.VISIT_DATE: """
        visit date, visited on, visited, date of visit, visit, last visit, last visited, last visit date, purchase date,
        date of purchase, transaction date, order date, service date, stay date, checkout date, date, besuchsdatum,
        besuch, besucht am, letzter besuch, kaufdatum, einkaufsdatum, bestelldatum, datum, fecha, fecha de visita, fecha
        de compra, ultima visita, date de visite, date de passage, date d achat, derniere visite, data visita, data
        della visita, data da visita, data, bezoekdatum, dato""",
    Field.LANGUAGE: """
        language, lang, language code, preferred language, locale, sprache, sprachcode, korrespondenzsprache, idioma,
        lengua, langue, lingua, taal, sprak, sprog, jezyk""",
    Field.COMPANY: """
        company, company name, organisation, organization, business, employer, firm, firma, firmenname, unternehmen,
        empresa, compania, entreprise, societe, raison sociale, azienda, bedrijf, foretag""",
    Field.CITY: """
        city, town, city name, place, ort, stadt, wohnort, ciudad, poblacion, localidad, municipio, ville, commune,
        citta, cidade, plaats, woonplaats, stad, by, miasto""",
    Field.NOTE: """
        note, notes, comment, comments, remark, remarks, notiz, notizen, bemerkung, bemerkungen, kommentar, anmerkung,
        nota, notas, observaciones, comentario, comentarios, commentaire, commentaires, remarque, remarques, opmerking,
        opmerkingen""",
}
_FIELD_OF_NAME = {
    " ".join(name.split()): field for field, names in _NAMES.items() for name in names.replace("\n", " ").split(",")
}
# Words that settle a longer name such as "Customer e-mail (work)" or "Store visited".
_FIELD_OF_WORD = {
    "email": Field.EMAIL, "mail": Field.EMAIL, "courriel": Field.EMAIL, "correo": Field.EMAIL,
    "vorname": Field.FIRST_NAME, "prenom": Field.FIRST_NAME, "surname": Field.LAST_NAME, "nachname": Field.LAST_NAME,
    "apellidos": Field.LAST_NAME, "store": Field.STORE, "filiale": Field.STORE, "tienda": Field.STORE,
    "magasin": Field.STORE, "branch": Field.STORE, "language": Field.LANGUAGE, "sprache": Field.LANGUAGE,
    "idioma": Field.LANGUAGE, "langue": Field.LANGUAGE, "company": Field.COMPANY, "firma": Field.COMPANY,
    "note": Field.NOTE, "notes": Field.NOTE, "comments": Field.NOTE,
}  # fmt: skip


def named_field(name: str) -> Field | None:
    """What a column of this name holds, where the name alone says it."""
    words = plain_words(name)
    if field := _FIELD_OF_NAME.get(words):
        return field
    return next((_FIELD_OF_WORD[word] for word in words.split() if word in _FIELD_OF_WORD), None)


def is_name_of_column(text: str) -> bool:
    """Whether a cell is one that stands above a column, wanted or refused."""
    return plain_words(text) in _FIELD_OF_NAME or is_refused_column(text)


def guessed_mapping(header: Sequence[str], sample: Sequence[Sequence[str]], stores: Collection[str]) -> Mapping:
    """The mapping proposed to staff; `header` is empty where the file has none, `stores` are the client's codes."""
    columns: dict[int, Field] = {}
    refused = refused_positions(header)
    names = {at: name for at, name in enumerate(header) if at not in refused}
    _add(columns, {at: _FIELD_OF_NAME.get(plain_words(name)) for at, name in names.items()})
    _add(columns, {at: named_field(name) for at, name in names.items()})
    width = max((len(row) for row in (header, *sample)), default=0)
    open_positions = [at for at in range(width) if at not in columns and at not in refused]
    _add(columns, {at: _field_of_content(_cells(sample, at), stores) for at in open_positions})
    if not header:
        _add_names_before_address(columns, sample)
    visit = next((at for at, field in columns.items() if field is Field.VISIT_DATE), None)
    order = guessed_order(_cells(sample, visit)) if visit is not None else DateOrder.DAY_FIRST
    return Mapping(columns, order)


def refused_positions(header: Sequence[str]) -> list[int]:
    """Positions whose column must not be imported, whatever staff would like."""
    return [position for position, name in enumerate(header) if is_refused_column(name)]


def _add(columns: dict[int, Field], proposals: dict[int, Field | None]) -> None:
    """Take up proposals whose column and field are both still free."""
    for position, field in proposals.items():
        if field and position not in columns and field not in columns.values():
            columns[position] = field


def _cells(sample: Sequence[Sequence[str]], position: int) -> list[str]:
    return [row[position].strip() for row in sample if position < len(row) and row[position].strip()]


def _field_of_content(cells: list[str], stores: Collection[str]) -> Field | None:
    tests: dict[Field, Callable[[str], object]] = {
        Field.EMAIL: kept_address,
        Field.STORE: lambda cell: cell.casefold() in stores,
        Field.VISIT_DATE: lambda cell: any(visit_date(cell, order) for order in DateOrder),
        Field.LANGUAGE: lambda cell: len(cell) <= 5 and language_of(cell),
    }
    for field, test in tests.items():
        if cells and sum(1 for cell in cells if test(cell)) > 0.7 * len(cells):
            return field
    return None


def _add_names_before_address(columns: dict[int, Field], sample: Sequence[Sequence[str]]) -> None:
    """Without a header, two columns of letters before the address are most often the two names."""
    address = next((at for at, field in columns.items() if field is Field.EMAIL), 0)
    letters = [
        at
        for at in range(address)
        if at not in columns and all(not any(map(str.isdigit, cell)) for cell in _cells(sample, at))
    ]
    if len(letters) == 2:
        columns[letters[0]], columns[letters[1]] = Field.FIRST_NAME, Field.LAST_NAME
