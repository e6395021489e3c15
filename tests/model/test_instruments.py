"""The registry of instruments: what may be measured with what, as data that fits together."""

from __future__ import annotations

from itertools import pairwise

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.model.instruments import REGISTRY, Instrument, InstrumentUse
from osallisuus.model.scales import Item, Norms, Option, Scale, Skip
from osallisuus.model.stated import LOCALES, Text

ITEMS = (
    Item(code="one", options=(Option(points=0), Option(points=4))),
    Item(code="two", options=(Option(points=1), Option(points=5))),
)


def instrument(**parts: object) -> Instrument:
    values = {
        "code": "made_up",
        "title": Text(en="Made up"),
        "allowed_level": "person",
        "license_note": "free",
        "items": ITEMS,
    }
    return Instrument(**(values | parts))  # type: ignore[arg-type]


def test_every_instrument_says_its_licence_its_source_and_its_name_in_three_languages():
    """Nobody has to guess by what right they use it."""
    for code, entry in REGISTRY.items():
        assert entry.code == code
        assert all(getattr(entry.title, locale) for locale in LOCALES)
        assert entry.license_note.endswith(".")
        assert entry.source


def test_audit_is_whole_ten_questions_with_all_their_answers_in_three_languages():
    """Eight questions of five answers, two of three; 0 to 40 points."""
    items = REGISTRY["audit"].items
    assert [item.points for item in items] == [(0, 1, 2, 3, 4)] * 8 + [(0, 2, 4)] * 2
    texts = [item.text for item in items] + [o.text for item in items for o in item.options]
    assert all(text is not None for text in texts)
    assert all(getattr(text, locale) for text in texts if text for locale in LOCALES)


@pytest.mark.parametrize("code", ["esis", "recovery_star", "barc10", "outcomes_star"])
def test_wording_that_belongs_to_others_is_not_here(code):
    """Structure and scoring only: no item and no answer has words."""
    items = REGISTRY[code].items
    assert all(item.text is None for item in items)
    assert all(option.text is None for item in items for option in item.options)


def test_the_bands_of_a_scale_follow_each_other_without_a_gap():
    """Every whole value is in one band, and in no two."""
    banded = [s for entry in REGISTRY.values() for s in entry.scales if s.bands]
    assert len(banded) == 11
    for scale in banded:
        ends = [(band.low, band.high) for band in scale.bands]
        assert ends[0][0] == scale.lowest
        assert ends[-1][1] == scale.highest
        assert all(one[1] + 1 == other[0] for one, other in pairwise(ends))
        assert scale.bands_source


def test_a_value_between_two_whole_ones_is_in_the_lower_band():
    """A partial score of 7.8 has not reached the zone that begins at 8."""
    total = REGISTRY["audit"].scale("total")
    assert [total.band(value).code for value in (7, 7.8, 8, 40)] == [
        "zone_1",
        "zone_1",
        "zone_2",
        "zone_4",
    ]
    assert Scale(code="x", items=("one",), lowest=0, highest=4).band(3) is None


def test_the_esis_alone_is_for_groups_only_and_states_no_rule_for_missing_answers():
    """What its owner advises against, and what its pages do not say."""
    assert [c for c, entry in REGISTRY.items() if entry.allowed_level == "group"] == ["esis"]
    assert REGISTRY["esis"].missing_rule is None
    assert REGISTRY["esis"].scale("total").range == (0, 100)


def test_scales_must_fit_the_items():
    """An item that there is not, and ends that no answers reach, are refused."""
    fitting = Scale(code="total", items=("one", "two"), lowest=1, highest=9)
    assert instrument(scales=(fitting,)).scale("total") is fitting
    with pytest.raises(DefinitionError, match="not the sums"):
        instrument(scales=(Scale(code="total", items=("one", "two"), lowest=0, highest=9),))
    with pytest.raises(DefinitionError, match="an item that there is not"):
        instrument(scales=(Scale(code="total", items=("three",), lowest=0, highest=4),))
    with pytest.raises(DefinitionError, match="an item that there is not"):
        instrument(skips=(Skip(when=("three",), items=("two",)),))


@pytest.mark.parametrize(
    ("sd", "reliability", "source"),
    [(0, 0.8, "x"), (-1, 0.8, "x"), (5, 1, "x"), (5, -0.1, "x"), (5, 0.8, " ")],
)
def test_norms_are_possible_numbers_with_a_source(sd, reliability, source):
    """No numbers from nowhere."""
    with pytest.raises(DefinitionError):
        Norms(sd=sd, reliability=reliability, source=source)
    assert Norms(sd=5, reliability=0, source="x").cut_off is None


def test_an_instrument_of_ones_own_needs_a_title():
    """What the registry knows has one already."""
    assert InstrumentUse(code="audit").title is None
    assert InstrumentUse(code="our_own", title=Text(en="Our own")).code == "our_own"
    with pytest.raises(DefinitionError, match="no title"):
        InstrumentUse(code="our_own")
