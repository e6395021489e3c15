"""There is one way out of a report, and everything else says INTERNAL."""

from __future__ import annotations

from typing import Any

import pytest

import osallisuus as osa
from osallisuus import plugins
from osallisuus.disclosure.gate import Released
from osallisuus.disclosure.profile import INTERNAL, PUBLIC
from osallisuus.reports.build import result_document
from osallisuus.reports.document import Document
from tests.disclosure.test_sticky import AS_OF, World

EXPORTERS = sorted(plugins.find("exporters"))


@pytest.fixture(scope="module")
def report() -> osa.Report:
    """A report of 41 people."""
    world = World()
    world.episodes(41)
    return world.register.report("evaluation", program="wertzu", as_of=AS_OF)


@pytest.mark.parametrize("name", EXPORTERS)
def test_no_exporter_renders_what_was_not_released(name: str, report: osa.Report) -> None:
    """It takes a document; a report or a result has none of what it asks for."""
    exporter = plugins.load("exporters", name)()
    exact = report.source.press().store
    unreleased: list[Any] = [report, exact, *_measured(report)]
    for thing in unreleased:
        with pytest.raises((AttributeError, TypeError, osa.OsallisuusError)):
            exporter.render(thing)


def _measured(report: osa.Report) -> list[Any]:
    register: Any = report.source
    result = register.measure("people_and_episodes")
    return [result, result.figures, result.figures[0]]


def test_a_report_shows_nothing_but_its_settings() -> None:
    """No figure, no document and no file can be had of it but by ``release``.

    A review says what could be worked out of a release, and shows no figure either; why a figure
    has changed is told to those who see the facts, and marked INTERNAL.
    """
    world = World()
    world.episodes(41)
    report = world.register.report("evaluation", program="wertzu")
    methods = [n for n in dir(report) if not n.startswith("_") and callable(getattr(report, n))]
    assert methods == ["release", "review", "why_changed"]
    assert "41" not in repr(report)
    assert "41" not in repr(report.review())
    assert list(world.register.releases()) == []


def test_a_document_is_internal_unless_somebody_says_otherwise() -> None:
    """Who makes one by hand gets the stamp by default."""
    assert Document(title="x", locale="en", blocks=()).internal


def test_an_exact_result_is_stamped_whatever_it_is_said_to_be(report: osa.Report) -> None:
    """To put it beside a public profile does not make it public."""
    result = _measured(report)[0]
    for profile in (PUBLIC, INTERNAL):
        claimed = Released(results=(result,), hidden=0, profile=profile)
        document = result_document(result, claimed, locale="en")
        assert document.internal
        assert b"INTERNAL" in plugins.load("exporters", "text")().render(document)
