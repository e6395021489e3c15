"""A programme that is released each month for a year: no two releases differ by few people."""

from __future__ import annotations

from typing import Any

import pytest

from osallisuus.disclosure import footing, publish
from osallisuus.disclosure.profile import Profile
from tests.disclosure.timeline import Programme, give_away


def _year(seed: int, *, people: int, profile: str | Profile = "public") -> list[Any]:
    programme = Programme(seed, people=people)
    published = []
    for month in range(12):
        programme.month(month)
        if month == 5:
            programme.move_border()
        if month in (4, 8):
            programme.erase()
        released = programme.release(month, profile=profile)
        published += programme.published(month, released)
    return published


@pytest.mark.parametrize("seed", range(4))
def test_twelve_releases_never_differ_by_few(seed: int) -> None:
    """With newcomers, endings, corrections, a moved border and two erasures (test plan F3)."""
    published = _year(seed, people=60)
    assert len(published) > 2
    assert give_away(published, 10) == []


def test_twelve_exact_releases_never_differ_by_few() -> None:
    """Nothing is left to rounding: the smaller threshold shows more, and again no small step."""
    published = _year(5, people=60, profile=Profile(name="public", threshold=5))
    assert len(published) > 10
    assert give_away(published, 5) == []


def test_twelve_releases_are_as_safe_with_an_audit_over_some_atoms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in large programmes, where there are too many kinds of people for one audit."""
    monkeypatch.setattr(footing, "MOST_ATOMS", 8)
    assert give_away(_year(2, people=90, profile=Profile(name="public", threshold=5)), 5) == []


def test_releases_that_do_not_know_of_each_other_are_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The checker bites: protected one by one, the same year gives people away."""
    monkeypatch.setattr(publish, "entries_of", lambda store: iter(()))
    monkeypatch.setattr(publish.Press, "_remembered", _forgetful)
    assert give_away(_year(5, people=60, profile=Profile(name="public", threshold=5)), 5)


def _forgetful(press: Any, ask: Any, profile: Profile) -> Any:
    with press.engine_at(press.tx) as engine:
        return publish.release(ask(engine), profile)
