from __future__ import annotations

import tomllib
from pathlib import Path
from string import Formatter

import pytest

import osallisuus.words as words_module
from osallisuus.errors import DefinitionError
from osallisuus.words import Words
from osallisuus.words.locale import LOCALES

FOLDER = Path(words_module.__file__).parent
CODES = sorted(LOCALES)
REQUIRED_METRICS = (
    "people_and_episodes recruitment_funnel first_session attendance retention leaving completion "
    "role_occupancy first_peer_activity team_transition role_tenure encounter_rate "
    "encounter_themes outcome_change reliable_change goal_attainment cadence_held ideas "
    "cost_per_completer equity_gap completeness reporting_delay"
).split()


def leaves(table: dict, path: str = "") -> dict[str, str]:
    """Every text of a language with its path, plural forms apart."""
    found = {}
    for name, value in table.items():
        key = f"{path}.{name}" if path else name
        found |= {key: value} if isinstance(value, str) else leaves(value, key)
    return found


@pytest.fixture(scope="module")
def texts():
    return {
        code: leaves(tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))) for code in CODES
    }


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_language_has_a_file_and_no_file_is_without_its_language():
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == CODES


@pytest.mark.parametrize("code", CODES)
def test_all_languages_have_exactly_the_same_texts_and_plural_forms(texts, code):
    assert texts[code].keys() == texts["fi"].keys()


@pytest.mark.parametrize("code", CODES)
def test_a_text_names_the_same_values_in_every_language(texts, code):
    differing = [key for key in texts["fi"] if names(texts[code][key]) != names(texts["fi"][key])]
    assert differing == []


@pytest.mark.parametrize("code", CODES)
def test_no_text_is_empty_or_has_stray_spaces(texts, code):
    assert [key for key, text in texts[code].items() if not text or text != text.strip()] == []


@pytest.mark.parametrize("code", ["fi", "sv"])
def test_a_percent_sign_in_finnish_and_swedish_texts_follows_a_no_break_space(texts, code):
    for text in texts[code].values():
        assert text.count("%") == text.count("\u00a0%")


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("metric", REQUIRED_METRICS)
def test_every_metric_has_a_title_and_one_explaining_text(code, metric):
    words = Words(code)
    assert words(f"metric.{metric}.title")
    assert words(f"metric.{metric}.sentence").endswith(".")


@pytest.mark.parametrize("code", CODES)
def test_a_count_of_one_takes_the_singular_and_every_other_the_plural(code):
    words = Words(code)
    one, two, none = (words("count.persons", n=number) for number in (1, 2, 0))
    assert one != two.replace("2", "1")
    assert none == two.replace("2", "0")


def test_numbers_in_a_text_are_written_by_the_rules_of_the_language():
    assert Words("fi")("count.persons", n=1234) == "1\u00a0234 henkilöä"
    assert Words("en")("cell.cases", k=28, n=1041) == "28 of 1,041"


def test_a_code_that_nobody_has_named_is_shown_readably():
    assert Words("fi").label("part", "completed") == "Käynyt loppuun"
    assert Words("fi").label("part", "walks_in_forest") == "walks in forest"


def test_an_unknown_text_is_refused_with_the_nearest_one():
    with pytest.raises(DefinitionError, match=r"did you mean 'mark\.hidden'"):
        Words("fi")("mark.hiden")


def test_a_missing_value_is_refused_and_hides_no_other_error():
    with pytest.raises(DefinitionError, match="lacks one of its values") as caught:
        Words("fi")("count.persons")
    assert caught.value.__context__ is None


def test_a_value_with_braces_is_text_and_never_a_place_for_another_value():
    assert Words("en")("document.generated", moment="{n.__class__}") == "Made on {n.__class__}"


def test_words_of_an_unknown_language_are_refused():
    with pytest.raises(DefinitionError, match="no such language"):
        Words("xx")


def test_only_a_text_can_be_a_key():
    assert "mark.hidden" in Words("en")
    assert 1 not in Words("en")
