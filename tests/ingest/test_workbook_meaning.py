"""What a column holds is guessed by its heading and the kind of its cells together."""

from datetime import date

import pytest

from osallisuus.ingest.mapping import is_personal
from osallisuus.ingest.meaning import are_ids, kind_of, meaning_of

DAYS = [date(2020, 2, 1), "1.3.2020", None, "15.3.20"]
WORDS = ["kyllä", "Kyllä", None, "ei"]
NUMBERS = [1.0, "2", 3.0]
TEXTS = [f"joku kertoi, että {number}" for number in range(30)]
NO_CELLS: list[object] = []

HEADINGS = [
    # heading, cells, column
    # ---------------------------------------------------------------- Finnish
    ("Lopettamisen syy", WORDS, "ending"),
    ("Lopettamisen syy", NO_CELLS, "ending"),
    ("Lopettamisen syy", NUMBERS, "ending"),  # a list of codes that is kept as numbers
    ("Lopettamisen syy", TEXTS, ""),  # what somebody wrote down is no code
    ("Lopettamisen syy", DAYS, ""),
    ("Lopetuspvm", DAYS, "ended_on"),
    ("Lopetuspvm", NO_CELLS, "ended_on"),
    ("Lopetuspvm", WORDS, "ended_on"),  # the cells may be slips; the import says which
    ("Lopetti", DAYS, "ended_on"),
    ("Päättyi", DAYS, "ended_on"),
    ("Päättyi", WORDS, "ending"),
    ("Miten päättyi", WORDS, "ending"),
    ("Päättymissyy", WORDS, "ending"),
    ("Lopputulos", WORDS, "ending"),
    ("Keskeyttämisen syy", WORDS, "ending"),
    ("Keskeytti pvm", DAYS, "ended_on"),
    ("Viimeinen kerta", DAYS, "ended_on"),
    ("Viimeisin yhteydenotto", DAYS, ""),
    ("Suunniteltu päättymispäivä", DAYS, "planned_end_on"),
    ("Sovittu päättyvän", DAYS, "planned_end_on"),
    ("Miten tuli ryhmään", WORDS, "channel"),
    ("Mistä sai tiedon ryhmästä", WORDS, "channel"),
    ("Mistä tuli", TEXTS, ""),
    ("Ohjautumiskanava", WORDS, "channel"),
    ("Lähettävä taho", WORDS, "channel"),
    ("Lähete saapunut pvm", DAYS, "reached_on"),
    ("Ilmoittautui", DAYS, "reached_on"),
    ("Hakemuspäivä", DAYS, "reached_on"),
    ("Yhteydenottotapa", WORDS, "channel"),
    ("Haastattelupäivä", DAYS, "interviewed_on"),
    ("Haastattelun kesto", NUMBERS, ""),
    ("Loppuhaastattelu", DAYS, ""),
    ("Paikka tarjottu", DAYS, "offered_on"),
    ("Infotilaisuus", DAYS, "informed_on"),
    ("Aloituspvm", DAYS, "started_on"),
    ("Aloitti", DAYS, "started_on"),
    ("Aloitti", NUMBERS, ""),
    ("Alkupäivä", DAYS, "started_on"),
    ("Tuli mukaan", DAYS, "started_on"),
    ("Ryhmässä aloitti", DAYS, "started_on"),
    ("Ryhmä", WORDS, "group"),
    ("Ryhmä", NUMBERS, "group"),
    ("Ryhmän nimi", TEXTS, "group"),
    ("Vertaisryhmä", WORDS, "group"),
    ("Ikäryhmä", WORDS, ""),
    ("Ryhmän ohjaaja", WORDS, ""),
    ("Ryhmäkertoja", NUMBERS, ""),
    ("Paikkakunta", WORDS, "place"),
    ("Nro", NUMBERS, "number"),
    ("Osallistujan tunnus", TEXTS, "number"),
    ("Kirjattu", DAYS, "registered_on"),
    ("Alkoholi", WORDS, ""),
    ("Aloite", WORDS, ""),
    ("Tulotaso", WORDS, ""),
    ("Lisätiedot", TEXTS, ""),
    ("Päätös", DAYS, ""),
    ("Alkamispäivä", DAYS, "started_on"),
    ("Alkamispäivä", NO_CELLS, "started_on"),
    ("Aloituspäivä", DAYS, "started_on"),
    ("Päättymispäivä", DAYS, "ended_on"),
    ("Kulut (€)", NUMBERS, "cents"),
    ("Kustannukset", ["1 234,50", "5023,50"], "cents"),
    ("Matkakulut", NUMBERS, "cents"),
    ("Kustannuspaikka", WORDS, ""),
    ("Kuluttajaneuvonta", NUMBERS, ""),
    ("Ohjaaja", WORDS, ""),
    # ---------------------------------------------------------------- Swedish
    ("Började", DAYS, "started_on"),
    ("Startdatum", DAYS, "started_on"),
    ("Sista dagen", DAYS, "ended_on"),
    ("Slutade", DAYS, "ended_on"),
    ("Slutdatum", NO_CELLS, "ended_on"),
    ("Planerat slutdatum", DAYS, "planned_end_on"),
    ("Hur det slutade", WORDS, "ending"),
    ("Orsak till avslut", WORDS, "ending"),
    ("Avbröt", DAYS, "ended_on"),
    ("Kom genom", WORDS, "channel"),
    ("Hur fick du veta om gruppen", WORDS, "channel"),
    ("Anmälningsdag", DAYS, "reached_on"),
    ("Intervjuad", DAYS, "interviewed_on"),
    ("Plats erbjuden", DAYS, "offered_on"),
    ("Grupp", WORDS, "group"),
    ("Gruppens namn", WORDS, "group"),
    ("Åldersgrupp", WORDS, ""),
    ("Målgrupp", WORDS, ""),
    ("Beslut", DAYS, ""),
    ("Ledare", WORDS, ""),
    ("Ort", WORDS, "place"),
    ("Deltagarens kod", WORDS, "number"),
    # ---------------------------------------------------------------- English
    ("Start date", DAYS, "started_on"),
    ("Joined", DAYS, "started_on"),
    ("End date", DAYS, "ended_on"),
    ("Last day", DAYS, "ended_on"),
    ("Last contact", DAYS, ""),
    ("Date left", DAYS, "ended_on"),
    ("Reason for leaving", WORDS, "ending"),
    ("Outcome", WORDS, "ending"),
    ("How it ended", WORDS, "ending"),
    ("Expected end", DAYS, "planned_end_on"),
    ("Referral source", WORDS, "channel"),
    ("Referred on", DAYS, "reached_on"),
    ("Came via", WORDS, "channel"),
    ("Signed up", DAYS, "reached_on"),
    ("Interview date", DAYS, "interviewed_on"),
    ("Place offered", DAYS, "offered_on"),
    ("Group", WORDS, "group"),
    ("Age group", WORDS, ""),
    ("Group leader", WORDS, ""),
    ("Gender", WORDS, ""),
    ("Town", WORDS, "place"),
    ("No.", NUMBERS, "number"),
    ("Notes", TEXTS, ""),
    ("Shoe size", NUMBERS, ""),
]


@pytest.mark.parametrize(("heading", "cells", "column"), HEADINGS)
def test_a_heading_and_its_cells_together_name_a_column(heading, cells, column):
    """Days go into columns of days and a few words into codes; what does not fit is no guess."""
    assert meaning_of(heading, cells) == column
    assert meaning_of(f"  {heading.upper()} ", cells) == column


@pytest.mark.parametrize(
    "heading", ["Yhteystiedot", "Lähiomaisen yhteystiedot", "Kontaktuppgifter", "Contact details"]
)
def test_contacts_in_one_column_are_contacts(heading):
    """Whatever stands there, it is how somebody is reached, and is never stored."""
    assert is_personal(heading)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (DAYS, "day"),
        (WORDS, "word"),
        (NUMBERS, "number"),
        (TEXTS, "text"),
        ([None, " "], ""),
        (["1.2.2020", "kevät", "syksy"], "word"),
        ([True, False], "word"),
        ([f"A {number}" for number in range(12)], "word"),
        ([f"A {number}" for number in range(13)], "text"),
    ],
)
def test_the_kind_of_a_column_is_that_of_most_of_its_cells(cells, kind):
    """Empty cells say nothing; up to twelve different words are a list of codes."""
    assert kind_of(cells) == kind


@pytest.mark.parametrize(
    ("cells", "can_be"),
    [
        (["R1", "R2", None], True),
        ([1.0, 2.0], True),
        (["tampere-1"], True),
        (["Tampere 1"], False),  # a space
        (["Jyväskylä1"], False),  # letters that no id has
        (["Tampere"], False),  # could as well be a name
        ([date(2020, 1, 1)], False),
    ],
)
def test_cells_are_ids_only_where_they_can_stay_as_they_are(cells, can_be):
    """Else a list of codes has to say what id each of them gets."""
    assert are_ids(cells) is can_be
