"""There is one way out: what has not passed the gate, or was not rounded by it, says INTERNAL."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus import plugins
from osallisuus.cli.commands import build_parser
from osallisuus.cli.main import main
from osallisuus.disclosure import gate, publish
from osallisuus.disclosure.profile import PROFILES
from osallisuus.ingest.folder import read_folder
from osallisuus.metrics.figure import Result
from osallisuus.register import Register
from osallisuus.reports.document import Document
from osallisuus.words import Words
from osallisuus.words.locale import LOCALES
from tests.attack.outputs import words_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "wertzu"
EXPORTERS = sorted(plugins.find("exporters"))


@pytest.fixture
def register() -> Iterator[Register]:
    """An example."""
    with osa.open("memory:", actor="test", purpose="test") as opened:
        opened.add(read_folder(EXAMPLE))
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> str:
    """The same on disk."""
    place = str(tmp_path / "wertzu.db")
    assert main(["import", str(EXAMPLE), "--into", place]) == 0
    return place


@pytest.mark.parametrize("name", EXPORTERS)
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_exporter_says_what_is_internal(register: Register, name: str, profile: str) -> None:
    """And says it of nothing else."""
    for locale in LOCALES:
        report = register.report("evaluation", program="wertzu", locale=locale)
        text = words_of(name, report.release(profile).render(name))
        # a cell, or a code of its own; or, in words, on a page
        own = ("INTERNAL\r\n", "\nINTERNAL\n")
        marks = (Words(locale)("document.internal"), '"internal": true', *own)
        marked = any(mark in text for mark in marks)
        assert marked is PROFILES[profile].internal


def test_a_report_has_nothing_to_show_until_it_is_released(register: Register) -> None:
    """It holds no document and no figure; no exporter takes it."""
    report = register.report("evaluation", program="wertzu")
    held = [getattr(report, name) for name in dir(report) if not name.startswith("_")]
    assert not any(isinstance(one, Document | Result | osa.Release) for one in held)
    for name in EXPORTERS:
        with pytest.raises((AttributeError, osa.OsallisuusError)):
            plugins.load("exporters", name)().render(report)


def test_every_release_comes_from_the_gate(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reports, single metrics and their internal views: without the gate there is none."""

    class Closed(Exception):
        """Nothing gets past it."""

    def closed(*_: object, **__: object) -> None:
        raise Closed

    monkeypatch.setattr(gate, "release", closed)
    monkeypatch.setattr(publish, "release", closed)
    for profile in PROFILES:
        with pytest.raises(Closed):
            register.report("evaluation", program="wertzu").release(profile)
        with pytest.raises(Closed):
            register.release("completion", profile=profile)


def test_exact_results_say_that_they_are_internal(register: Register) -> None:
    """As text and as data; only the gate takes the word away."""
    exact = register.measure("completion")
    assert exact.internal
    assert "INTERNAL" in str(exact)
    assert exact.to_dict()["settings"]["internal"] is True
    (public,) = register.release("completion").results
    assert "INTERNAL" not in str(public)
    assert public.to_dict()["settings"]["internal"] is False


SHAPES = ([], ["--json"], ["--facts"], ["--alternatives"])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_command_line_says_what_is_internal(
    store: str, shape: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each shape of ``measure --internal``."""
    capsys.readouterr()
    assert main(["measure", store, "completion", "--internal", *shape]) == 0
    out = capsys.readouterr().out
    assert "INTERNAL" in out or '"internal": true' in out


def test_an_explained_exact_figure_says_that_it_is_not_for_publication(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a sentence of its own."""
    capsys.readouterr()
    assert main(["measure", store, "attendance", "--internal", "--explain"]) == 0
    assert "not for publication" in capsys.readouterr().out


@pytest.mark.parametrize("shape", ["--facts", "--alternatives"])
def test_the_command_line_refuses_facts_without_the_word(
    store: str, shape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Facts and alternatives are exact: ``--internal`` must be asked for."""
    capsys.readouterr()
    assert main(["measure", store, "completion", shape]) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", EXPORTERS)
def test_the_command_line_prints_what_the_gate_lets_out(
    store: str, name: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """``report --as`` gives the bytes of the release, for every exporter."""
    capsysbinary.readouterr()
    assert main(["report", store, "--program", "wertzu", "--as", name]) == 0
    with osa.open(store, actor="test", purpose="test") as opened:
        released = opened.report("evaluation", program="wertzu").release()
    assert capsysbinary.readouterr().out == released.render(name)


def test_no_command_has_a_way_around_the_gate() -> None:
    """The commands that print figures or facts are these; a new one must be looked at here."""
    parser = build_parser()
    (commands,) = [
        one.choices for one in parser._actions if hasattr(one, "choices") and one.choices
    ]
    looked_at = {
        *("demo", "import", "check", "measure", "report", "releases", "export"),
        *("programs", "metrics", "plugins"),
        # pseudonyms and facts, for those who may see them; they say INTERNAL, and release nothing
        *("remind", "compose", "migrate-program", "show"),
        "innokyla",  # a definition; with --store what was observed, which says INTERNAL
        "sync",  # facts to a copy: counts only on the output, which says INTERNAL
        "snapshot",  # all that a store holds to a file: no count on the output, which says INTERNAL
        "site",  # reports, all in one release
        "reissue",  # what was released before, byte for byte
        "copy",  # what is recorded of one person, for this person
        "fund",  # counts that the gate let out, and with --internal or --why what it did not
    }
    assert set(commands) <= looked_at | HARMLESS


HARMLESS = {
    *("completion", "plan", "simulate", "template"),
    *("upgrade", "erase", "verify", "vault", "doctor", "restore"),
}
"""They print no figure that is of people in the store."""


def test_no_public_name_releases_beside_the_gate() -> None:
    """What the register offers that gives figures: exact and marked, or released."""
    giving = {
        name
        for name, member in inspect.getmembers(Register, inspect.isfunction)
        if not name.startswith("_")
        and str(inspect.signature(member).return_annotation)
        in {"Result", "Released", "Report", "Measurement", "Alternatives"}
    }
    assert giving == {"measure", "measurement", "alternatives", "release", "report"}
