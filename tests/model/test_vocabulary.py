"""Vocabularies: closed ones know every code, open ones let unknown codes live."""

import subprocess
import sys

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.model.facts import TABLES
from osallisuus.model.stated import LOCALES
from osallisuus.model.vocabulary import Term, Vocabulary, vocabularies, vocabulary

CLOSED = {
    "enrollment_ending": ("enrollments", "ending"),
    "interview_outcome": ("interviews", "outcome"),
    "session_status": ("sessions", "status"),
    "attendance_status": ("attendance", "status"),
    "role_ending": ("roles", "ending"),
    "review_point": ("reviews", "point"),
    "observation_phase": ("observations", "phase"),
    "completeness": ("scores", "completeness"),
}


def test_exactly_the_vocabularies_that_rules_rely_on_are_closed():
    """A closed vocabulary is one whose codes a fact checks."""
    assert {name for name, words in vocabularies().items() if words.closed} == set(CLOSED)


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_vocabulary_and_its_facts_agree(name):
    """The words cover exactly the codes that the facts accept, in the same order."""
    table, column = CLOSED[name]

    assert vocabulary(name).codes == TABLES[table].column(column).codes


@pytest.mark.parametrize("name", sorted(vocabularies()))
def test_every_term_has_words_in_three_languages(name):
    """No label is empty, and no two codes of a vocabulary look the same to a reader."""
    terms = vocabulary(name).terms

    for locale in LOCALES:
        labels = [term.label(locale) for term in terms]
        assert all(label.strip() == label != "" for label in labels)
        assert len(set(labels)) == len(labels)


def test_no_word_reduces_anybody_to_substance_use():
    """Labels name roles and events; none calls a person by what they use, or a failure (X13)."""
    forbidden = ("narko", "addict", "abuser", "missbrukare", "käyttäjä", "keskeytt", "dropout")
    words = [
        term.label(locale).lower()
        for each in vocabularies().values()
        for term in each.terms
        for locale in LOCALES
    ]

    # a user of services is called so by the source (K8)
    found = [word for word in words if any(bad in word for bad in forbidden)]
    assert {word for word in found if "palvelunkäyttäjä" not in word} == set()


def test_an_unknown_code_of_an_open_vocabulary_survives():
    """A programme's own code is allowed and shown as it is written."""
    roles = vocabulary("role")

    assert roles.allows("ritual_master")
    assert roles.label("ritual_master", "fi") == "ritual master"
    assert roles.label("peer", "sv") != "peer"


def test_an_unknown_code_of_a_closed_vocabulary_is_refused_with_the_nearest():
    """Endings are a fixed set, since rules and metrics rely on their meaning."""
    endings = vocabulary("enrollment_ending")

    assert not endings.allows("complete")
    with pytest.raises(DefinitionError, match="did you mean 'completed'"):
        endings.label("complete", "en")


def test_a_programme_may_add_words_to_an_open_vocabulary_only():
    """An own word replaces ours; a closed vocabulary may be worded anew but takes no new code."""
    verna = Term("peer", "Verna", "Verna", "Verna")
    new = Term("vanished", "a", "b", "c")

    assert vocabulary("role").extended([verna]).label("peer", "fi") == "Verna"
    assert vocabulary("role").label("peer", "fi") == "vertainen"
    assert "vanished" in vocabulary("role").extended([new])
    with pytest.raises(DefinitionError, match="no new codes"):
        vocabulary("role_ending").extended([new])
    assert Vocabulary("own", ()).extended([new]).codes == ("vanished",)


def test_an_unknown_vocabulary_is_named_with_the_nearest():
    """A misspelt name gets a remedy."""
    with pytest.raises(DefinitionError, match="did you mean 'role'"):
        vocabulary("rolle")


def test_importing_the_module_reads_no_file():
    """The words are read on first use, so that importing stays light."""
    code = (
        "import osallisuus.model.vocabulary as v;"
        "assert v.vocabulary.cache_info().currsize == 0;"
        "assert v.vocabularies.cache_info().currsize == 0;"
        "v.vocabulary('role');"
        "assert v.vocabulary.cache_info().currsize == 1;"
        "assert v.vocabularies.cache_info().currsize == 0"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert done.returncode == 0
