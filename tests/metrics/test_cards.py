"""Every metric has a card, and every card keeps what it promises."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest

import osallisuus as osa
from osallisuus.ingest.folder import read_folder
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.model.facts import TABLES
from osallisuus.words import Words
from osallisuus.words.card import POPULATIONS, card_named
from osallisuus.words.locale import LOCALES


def register_of(example, folder):
    """The facts of an example, read as any fact folder is; persons are listed by themselves."""
    people: set[str] = set()
    for name, text in example.facts.items():
        (folder / f"{name}.csv").write_text(text.lstrip(), "utf-8")
        persons = [c.name for c in TABLES[name].columns if c.name in ("person", "peer", "guide")]
        for row in csv.DictReader(io.StringIO(text.lstrip())):
            people |= {row[column] for column in persons if row.get(column)}
    if "people" not in example.facts:
        rows = "".join(f"{person},2020-01-01\n" for person in sorted(people))
        (folder / "people.csv").write_text(f"id,registered_on\n{rows}", "utf-8")
    register = osa.open("memory:", actor="reader", purpose="card")
    register.add(read_folder(folder))
    return register


def settings_of(example):
    settings = dict(example.settings)
    for name in ("by", "periods"):
        if isinstance(settings.get(name), list):
            settings[name] = tuple(settings[name])
    return settings


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_example_of_a_card_gives_exactly_the_figures_it_names(name, tmp_path):
    card = card_named(name)
    assert card is not None
    assert card.example is not None
    with register_of(card.example, tmp_path) as register:
        result = register.measure(name, **settings_of(card.example))
    assert card.example.figures
    for expected in card.example.figures:
        place = {key: expected[key] for key in ("name", "at") if key in expected}
        strata = expected.get("strata", {})
        found = [
            figure
            for figure in result
            if all(getattr(figure, key) == value for key, value in place.items())
            and all(figure.strata.get(key) == (value or None) for key, value in strata.items())
            and ("period" not in expected or str(figure.period) == expected["period"])
        ]
        assert len(found) == 1, (
            expected,
            [(f.name, f.at, dict(f.strata), f.value) for f in result],
        )
        told = found[0].to_dict()
        for key in expected.keys() - {"name", "at", "strata", "period"}:
            assert told[key] == pytest.approx(expected[key], abs=5e-5), (key, told)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_card_speaks_three_languages_and_names_its_populations(name):
    card = card_named(name)
    for texts in (card.title, card.sentence, *card.parts.values()):
        assert set(texts) == set(LOCALES)
        assert all(text and text == text.strip() for text in texts.values())
    assert not card.naive or set(card.naive) == set(LOCALES)
    assert {"initial", "denominator"} <= set(card.populations) <= set(POPULATIONS)
    for texts in (*card.populations.values(), card.example.about):
        assert set(texts) == set(LOCALES)
        assert len(set(texts.values())) == len(LOCALES), "not translated"


PLACES = {"k", "n", "value", "part", "day"}


@pytest.mark.parametrize("code", LOCALES)
@pytest.mark.parametrize("name", CATALOGUE)
def test_the_kind_and_the_field_classes_of_every_metric_have_words(name, code):
    """No reader of a card meets a code such as ``time_to_event``."""
    metric, words = CATALOGUE[name], Words(code)
    assert f"kind.{metric.kind}" in words
    classes = {column.field_class for table in TABLES.values() for column in table.columns}
    assert all(f"field_class.{one}" in words for one in classes)


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_metric_has_sentences_of_its_own_in_three_languages(name):
    """Each names the same values in all of them, and only such as a figure can have."""
    told = card_named(name).told
    assert told
    for part, texts in told.items():
        assert set(texts) == set(LOCALES), part
        named = [Words(code).places(f"metric.{name}.told.{part}") for code in LOCALES]
        assert named[0] == named[1] == named[2], part
        assert {"k", "n"} <= named[0] <= PLACES or {"value"} <= named[0] <= PLACES, part
        assert not any(text.endswith((".", " ")) for text in texts.values()), part


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_example_of_a_card_is_told_in_the_words_of_the_card(name, tmp_path):
    """At least one of its figures; what a sentence says between its values is in it."""
    card = card_named(name)
    with register_of(card.example, tmp_path) as register:
        result = register.measure(name, **settings_of(card.example))
    for code in LOCALES:
        said = [re.split(r"[{][^}]*[}]", texts[code]) for texts in card.told.values()]
        longest = [max(pieces, key=len) for pieces in said]
        explained = " ".join(figure.explain(code) for figure in result)
        assert any(piece in explained for piece in longest if len(piece) > 2), (code, longest)


def test_a_day_in_a_card_is_a_day():
    assert card_named("completion").example.settings["as_of"] == date(2025, 5, 2)


def test_what_is_no_metric_has_no_card():
    assert card_named("compleation") is None
