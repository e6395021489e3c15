"""A report that was kept says the same for ever, and a later one can be set beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import osallisuus as osa
from osallisuus import plugins
from osallisuus.errors import (
    DefinitionError,
    DisclosureError,
    ImportProblem,
    LimitError,
    StoreError,
)
from osallisuus.ingest.folder import read_folder
from osallisuus.release import Release, release_together
from osallisuus.reports.document import Note, Table
from osallisuus.reports.frozen import freeze, thaw
from tests.reports.sample import document as sample

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The facts of one example in a store that remembers what was released."""
    place = tmp_path_factory.mktemp("store") / "own.db"
    with osa.open(str(place), actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLES / "wertzu"))
        yield register


@pytest.fixture(scope="module")
def first(register: Any) -> Release:
    """An evaluation in the middle of the programme."""
    return register.report("evaluation", program="wertzu", as_of=date(2017, 6, 1)).release()


@pytest.mark.parametrize("name", sorted(plugins.find("exporters")))
def test_what_was_kept_gives_the_same_bytes_in_every_format(
    first: Release, name: str, tmp_path: Path
) -> None:
    """No fact is asked, so it is the same when the facts have gone on."""
    kept = Release.thaw(first.freeze(tmp_path / "kept.json"))
    assert kept.document == first.document
    assert kept.digest == first.digest
    assert kept.hidden == first.hidden
    assert kept.render(name) == first.render(name)


def test_every_kind_of_block_and_cell_is_kept() -> None:
    """All that a document can hold, once."""
    document = sample()
    again, _ = thaw(freeze(document), "kept.json")
    assert again == document
    assert freeze(again) == freeze(document)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda read: read["document"]["title"], "changed since"),
        (lambda read: read.update(schema_version=2), "another version"),
        (lambda read: read.pop("document"), "no frozen report"),
    ],
)
def test_what_was_changed_since_is_not_issued_again(
    first: Release, change: Callable[[Any], Any], message: str, tmp_path: Path
) -> None:
    """One letter is enough."""
    place = first.freeze(tmp_path / "kept.json")
    read = json.loads(place.read_bytes())
    if message == "changed since":
        read["document"]["title"] += "!"
    change(read)
    place.write_text(json.dumps(read))
    with pytest.raises(ImportProblem, match=message):
        Release.thaw(place)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"a": 1}'])
def test_what_is_no_frozen_report_is_refused(content: bytes, tmp_path: Path) -> None:
    """By name, never by a crash."""
    (tmp_path / "kept.json").write_bytes(content)
    with pytest.raises(ImportProblem, match=r"no frozen report @ kept\.json"):
        Release.thaw(tmp_path / "kept.json")
    with pytest.raises(ImportProblem, match=r"cannot be read: no such file"):
        Release.thaw(tmp_path / "none.json")


def test_a_document_of_strange_parts_is_refused(tmp_path: Path) -> None:
    """A file with a right sum over a wrong content."""
    content = json.loads(freeze(sample()))
    content["document"]["blocks"] = [{"is": "cake"}]
    from osallisuus.reports.frozen import _digest

    content["sha256"] = _digest(content["document"])
    with pytest.raises(ImportProblem, match="cannot be read"):
        thaw(json.dumps(content).encode(), "kept.json")


def test_it_is_not_kept_over_what_is_there(first: Release, tmp_path: Path) -> None:
    """As every file that is written; and for its owner only."""
    place = first.freeze(tmp_path / "kept.json")
    assert place.stat().st_mode & 0o777 == 0o600
    with pytest.raises(StoreError, match="there already"):
        first.freeze(place)


def test_a_later_report_says_what_has_moved_and_no_more(register: Any, first: Release) -> None:
    """Both numbers as they were published, and the step; never what the gate did not let out."""
    report = register.report("evaluation", program="wertzu", as_of=date(2019, 1, 1))
    later = report.release(since=first)
    moved = next(one for one in later.document.tables if one.columns[0] == "Figure")
    assert moved.caption == "What has moved since the report as of 1 June 2017"
    persons = next(row for row in moved.rows if row[0].endswith("Persons"))
    then, now = (float(figure) for figure in persons[1:3])
    assert (then % 5, now % 5) == (0, 0)
    assert persons[3] == f"+{now - then:.0f}"
    published = [figure for table in first.document.tables for figure in table.figures]
    assert all(row[1] in published for row in moved.rows)
    assert later.released is not None
    figures = [figure for result in later.released.results for figure in result]
    assert all(row[2] in figures for row in moved.rows)


def test_where_nothing_has_moved_it_is_said(register: Any, first: Release) -> None:
    """The same report again, and a report with nothing in common."""
    report = register.report("evaluation", program="wertzu", as_of=date(2017, 6, 1))
    notes = [b.text for b in report.release(since=first).document.blocks if isinstance(b, Note)]
    assert "Nothing that both reports show has moved since the one as of 1 June 2017." in notes
    empty = Release(first.document.with_blocks(()))
    document = report.release(since=empty).document
    notes = [block.text for block in document.blocks if isinstance(block, Note)]
    assert "The earlier report holds no figure that this one could be set beside." in notes
    assert not [b for b in document.blocks if isinstance(b, Table) and b.columns[0] == "Figure"]


def test_an_internal_report_is_never_set_beside_in_one_that_may_leave(register: Any) -> None:
    """Its exact figures would leave with the other; nothing is released for the try."""
    report = register.report("evaluation", program="wertzu", as_of=date(2018, 1, 1))
    inside = report.release("internal")
    before = len(list(register.releases()))
    with pytest.raises(DisclosureError, match="exact figures of an internal report"):
        report.release("public", since=inside)
    assert len(list(register.releases())) == before
    assert report.release("internal", since=inside).document.internal


def test_reports_of_two_stores_are_not_released_together(register: Any) -> None:
    """The ledger of one would not know of the other; and of none there is nothing to release."""
    with osa.open("memory:", actor="test", purpose="test") as other:
        other.add(read_folder(EXAMPLES / "wertzu"))
        both = [one.report("board", program="wertzu") for one in (register, other)]
        for reports in (both, []):
            with pytest.raises(DefinitionError, match="of one register"):
                release_together(reports)


QUOTING = """
schema_version = 1
name = "voices"

[[sections]]
kind = "metric"
heading = "people"
metric = "people_and_episodes"
form = "counts"

[[sections]]
kind = "quotes"
quotes = [
  { text = { en = "I was heard." }, consent = "c-1" },
  { text = { en = "So was I." }, consent = "c-2" },
  { text = { en = "Never agreed to." }, consent = "c-3" },
]
"""


@pytest.fixture
def voices(tmp_path: Path) -> Any:
    """A register with two consents to be quoted, and a report that was kept with both."""
    (tmp_path / "voices.toml").write_text(QUOTING)
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLES / "wertzu"))
        register.add(consent(number) for number in (1, 2))
        report = register.report(str(tmp_path / "voices.toml"), program="wertzu")
        report.release().freeze(tmp_path / "kept.json")
        yield register


def consent(number: int, **changes: Any) -> osa.Consent:
    given: dict[str, Any] = {"purpose": "quoting", "given_on": date(2016, 9, 1)} | changes
    return osa.Consent(id=f"c-{number}", person="p-04e708", **given)


def test_a_kept_report_knows_under_which_consents_it_quotes(voices: Any, tmp_path: Path) -> None:
    """Those of the words that are in it, and of no others; no output shows them."""
    kept = Release.thaw(tmp_path / "kept.json")
    assert kept.document.consents == ("c-1", "c-2")
    again = voices.reissue(tmp_path / "kept.json")
    assert again.digest == kept.digest
    for name in ("html", "json", "csv", "markdown", "text"):
        page = again.render(name).decode()
        assert "c-1" not in page
    assert "I was heard." in page


@pytest.mark.parametrize(
    "change",
    [
        {"withdrawn_on": date(2018, 1, 1)},
        {"withdrawn_on": date(2090, 1, 1)},
        {"purpose": "research"},
    ],
)
def test_words_that_somebody_took_back_do_not_go_out_again(
    voices: Any, tmp_path: Path, change: Any
) -> None:
    """The kept report is refused as a whole; one made anew has the other's words only."""
    voices.add([consent(2, **change)])
    with pytest.raises(
        DisclosureError, match=r"does not hold now @ reissue \(make the report anew"
    ):
        voices.reissue(tmp_path / "kept.json")
    anew = voices.report(str(tmp_path / "voices.toml"), program="wertzu").release()
    text = anew.render("text").decode()
    assert ("I was heard." in text, "So was I." in text) == (True, False)
    assert anew.document.consents == ("c-1",)
    anew.freeze(tmp_path / "anew.json")
    assert voices.reissue(tmp_path / "anew.json").digest == anew.digest


def test_words_of_somebody_who_is_not_known_do_not_go_out_again(
    voices: Any, tmp_path: Path
) -> None:
    """Whose consent is gone, as of somebody who was erased, or of another store."""
    with osa.open("memory:", actor="test", purpose="test") as other:
        other.add(read_folder(EXAMPLES / "wertzu"))
        other.add([consent(1)])
        with pytest.raises(DisclosureError, match="does not hold now") as caught:
            other.reissue(tmp_path / "kept.json")
    assert "c-2" not in str(caught.value)


@pytest.mark.parametrize("way", ["render", "save", "notebook", "ready"])
def test_a_kept_report_with_quotes_is_not_shown_before_anybody_was_asked(
    voices: Any, tmp_path: Path, way: str
) -> None:
    """By no way out; and the error says whom to ask."""
    kept = Release.thaw(tmp_path / "kept.json")
    ways: dict[str, Callable[[], object]] = {
        "render": lambda: kept.render("html"),
        "save": lambda: kept.save(tmp_path / "again.html"),
        "notebook": kept._repr_html_,
        "ready": kept.ready,
    }
    with pytest.raises(DisclosureError, match=r"nobody has asked .* register\.reissue\(file\)"):
        ways[way]()
    assert not (tmp_path / "again.html").exists()


def test_a_kept_report_with_quotes_can_be_set_beside_though_they_were_taken_back(
    voices: Any, tmp_path: Path
) -> None:
    """Of it the figures are set beside, and no words."""
    voices.add([consent(number, withdrawn_on=date(2018, 1, 1)) for number in (1, 2)])
    later = voices.report(str(tmp_path / "voices.toml"), program="wertzu").release(
        since=Release.thaw(tmp_path / "kept.json")
    )
    assert "I was heard." not in later.render("text").decode()


def rehashed(document: Any) -> bytes:
    """A file in which somebody has written something else, and its digest anew."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    head = {"osallisuus": "frozen report", "schema_version": 1, "sha256": digest}
    return json.dumps({**head, "document": document}).encode()


def deep(levels: int) -> Any:
    nested: Any = "x"
    for _ in range(levels):
        nested = [nested]
    return nested


FORGED: dict[str, Callable[[Any], Any]] = {
    "half a character": lambda read: read.update(title="a\ud800b"),
    "lists in lists": lambda read: read.update(blocks=deep(600)),
    "a number of words": lambda read: read["metadata"]["of"].append(["hidden", "many"]),
    "a block that is none": lambda read: read.update(blocks=[5]),
    "a stamp that is neither": lambda read: read.update(internal="x"),
    "a language that we do not speak": lambda read: read.update(locale="de"),
    "a number that is none": lambda read: read["blocks"].append(
        {"is": "table", "caption": "", "columns": ["a"], "rows": [[float("nan")]]}
    ),
    "a consent that is no text": lambda read: read["blocks"].append(
        {"is": "text", "paragraphs": ["a"], "consents": [1]}
    ),
    "what is behind a figure": lambda read: read["blocks"].append(
        {"is": "series", "label": "", "figures": []}
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_kept_report_that_no_exporter_can_show_is_refused(
    first: Release, what: str, tmp_path: Path
) -> None:
    """When it is read, whatever its digest says, and not when its page is half written."""
    read = json.loads(first.freeze(tmp_path / "kept.json").read_bytes())["document"]
    (tmp_path / "kept.json").write_bytes(rehashed(read))
    assert Release.thaw(tmp_path / "kept.json").document == first.document
    FORGED[what](read)
    (tmp_path / "kept.json").write_bytes(rehashed(read))
    with pytest.raises(ImportProblem, match=r"frozen report.* @ kept\.json"):
        Release.thaw(tmp_path / "kept.json")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices here")
def test_a_file_without_an_end_is_not_read_to_its_end() -> None:
    """Neither a device nor a path that is none."""
    with pytest.raises(LimitError, match="more than 50000000 bytes @ zero"):
        Release.thaw("/dev/zero")
    with pytest.raises(ImportProblem, match="cannot be read: no such path"):
        Release.thaw("a\0b")


WORDS = """
schema_version = 1
name = "words"

[[sections]]
kind = "text"
heading = "people"
text = { en = "We met by the river." }
"""


@pytest.mark.parametrize(
    "more", ["", '\n[[sections]]\nkind = "phases"\n', '\n[[sections]]\nkind = "course"\n']
)
@pytest.mark.parametrize("profile", ["public", "internal"])
def test_a_report_may_be_of_words_alone(
    register: Any, tmp_path: Path, profile: str, more: str
) -> None:
    """It says nothing of figures, and no later release has to reckon with it."""
    (tmp_path / "words.toml").write_text(WORDS + more)
    remembered = len(list(register.releases()))
    asked = register.report(str(tmp_path / "words.toml"), program="wertzu")
    release = asked.release(profile)
    assert Release.thaw(release.freeze(tmp_path / "kept.json")).document == release.document
    for name in sorted(plugins.find("exporters")):
        assert release.render(name)
    text = release.render("text").decode()
    assert "We met by the river." in text
    assert "interval" not in text
    assert release.document.internal is (profile == "internal")
    asked.review(profile)
    assert len(list(register.releases())) == remembered
    both = release_together([asked, register.report("board", program="wertzu")], profile)
    assert "We met by the river." in both[0].render("text").decode()


def test_a_report_of_words_alone_knows_nothing_of_later_days(register: Any, tmp_path: Path) -> None:
    """What was noted on or after its day is not in it, though no figure says which day it is."""
    (tmp_path / "words.toml").write_text(WORDS + '\n[[sections]]\nkind = "phases"\n')
    noted = osa.Observation(
        id="o-late", program="wertzu", phase="after", observed_on=date(2019, 5, 1), measure="visits",
        low=777,
    )  # fmt: skip
    register.add([noted])
    asked = str(tmp_path / "words.toml")
    now = register.report(asked, program="wertzu").release("internal").render("text").decode()
    assert "777" in now
    then = register.report(asked, program="wertzu", as_of=date(2019, 1, 1)).release("internal")
    assert "777" not in then.render("text").decode()


@pytest.mark.parametrize("by", ["nonsense", "../x", "person.", "group.plase"])
def test_a_stratum_that_there_is_not_is_refused_where_no_section_is_split_too(
    register: Any, tmp_path: Path, by: str
) -> None:
    """By the caller or by the definition; one that there is may be left unused."""
    with pytest.raises(DefinitionError, match="no stratum has this name"):
        register.report("board", program="wertzu", by=[by])
    (tmp_path / "words.toml").write_text(WORDS.replace("\n\n", f'\nby = ["{by}"]\n\n', 1))
    with pytest.raises(DefinitionError, match="no stratum has this name"):
        register.report(str(tmp_path / "words.toml"), program="wertzu")
    register.report("board", program="wertzu", by=["group.place", "person.age_band"])


def test_a_language_that_we_do_not_speak_is_refused_before_anything_is_measured(
    register: Any,
) -> None:
    """And not with an error of Python's after the release."""
    with pytest.raises(DefinitionError, match="language"):
        register.report("board", program="wertzu", locale="de")
