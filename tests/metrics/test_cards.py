"""Every metric has a card, and every card keeps what it promises."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

import osallisuus as osa
from osallisuus.ingest.folder import read_folder
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.model.facts import TABLES
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


def test_a_day_in_a_card_is_a_day():
    assert card_named("completion").example.settings["as_of"] == date(2025, 5, 2)


def test_what_is_no_metric_has_no_card():
    assert card_named("compleation") is None
