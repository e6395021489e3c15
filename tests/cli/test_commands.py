"""Every command on the shipped examples."""

import json
import re
from datetime import date

import pytest

import osallisuus as osa
from osallisuus.cli.report import hidden_note
from osallisuus.model.facts import TABLES
from tests.cli.running import EXAMPLES
from tests.metrics.outcome_facts import pairs

# k, n, value, low, high: the published totals (41 took part and 28 graduated; 38 started and 29
# completed) with the interval of Wilson (1927), worked out by hand to four places
COMPLETION = {
    "wertzu": (28, 41, 0.6829, 0.5302, 0.8044),
    "verna": (29, 38, 0.7632, 0.6079, 0.8701),
}
REMEMBERED = re.compile(
    r"release \d+ of this store, remembered for good; --internal looks without"
    r" releasing\n"
)
NUMBERS = ("value", "low", "high", "k", "n", "persons", "at_risk", "censored")


MADE_UP = "Synthetic example data: no real person is behind these figures.\n"


def tree(folder):
    """The content of every file in a folder."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def measured(call, *arguments):
    """The figures that ``measure --json`` prints."""
    done = call("measure", *arguments, "--json")
    assert done.code == 0
    told = done.err.replace(MADE_UP, "")
    assert told != done.err  # the examples are made up, and every figure of them says so
    assert told == "" or ("--internal" not in arguments and REMEMBERED.fullmatch(told))
    return json.loads(done.out)


def test_import_says_how_many_rows_and_what_became_of_them(call):
    """A first import adds everything, a second changes nothing, and both say so."""
    first = call("import", EXAMPLES / "wertzu", "--into", "new.db")
    second = call("import", EXAMPLES / "wertzu", "--into", "new.db")

    assert (first.code, first.err, second.code, second.err) == (0, "", 0, "")
    assert re.search(r"^enrollments +60$", first.out, re.MULTILINE)
    assert "570 added, 0 revised, 0 unchanged" in first.out
    assert "0 added, 0 revised, 570 unchanged" in second.out


def test_a_dry_run_stores_nothing(call, tmp_path):
    """With --dry-run the counts are those of the import, and no store is made."""
    done = call("import", EXAMPLES / "wertzu", "--into", "new.db", "--dry-run")

    assert done.code == 0
    assert "570 would be added, 0 would be revised, 0 unchanged" in done.out
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_looks_at_what_the_store_holds(call, stores, tmp_path):
    """A row that is there already would not be added, and a reference to it is no problem."""
    with osa.open(stores["wertzu"]) as register:
        first, second, *_ = register.facts(osa.Person)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "people.csv").write_text(
        f"id,registered_on\n{first.id},{first.registered_on}\n"
    )
    (tmp_path / "more" / "traits.csv").write_text(
        "id,person,name,value,since\n"
        f"t-new,{first.id},care_aim,reduction,2018-01-01\n"
        f"t-more,{second.id},care_aim,reduction,2018-01-01\n"
    )
    done = call("import", "more", "--into", stores["wertzu"], "--dry-run")

    assert done.err == ""
    assert "2 would be added, 0 would be revised, 1 unchanged" in done.out
    with osa.open(stores["wertzu"]) as register:
        assert not {"t-new", "t-more"} & {trait.id for trait in register.facts(osa.Trait)}


@pytest.mark.parametrize("place", ["new.db", "sqlite:///new.db", "new"])
@pytest.mark.parametrize("day", ["not-a-day", "2018-01-01"])
def test_a_refused_import_leaves_no_store_behind(call, tmp_path, place, day):
    """A malformed value, or a reference to nothing, stores nothing and makes no file."""
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "traits.csv").write_text(
        "id,person,name,value,since\nt-1,nobody,care_aim,reduction,2018-01-01\n"
        f"t-2,nobody,care_aim,reduction,{day}\n"
    )
    done = call("import", "bad", "--into", place)

    assert (done.code, done.out) == (1, "")
    assert "traits.csv:2.person" in done.err
    assert [file.name for file in tmp_path.iterdir()] == ["bad"]


def test_a_refused_import_leaves_the_store_as_it_was(call, tmp_path):
    """A store that was there before is not taken away."""
    call("import", EXAMPLES / "wertzu", "--into", "new.db")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "people.csv").write_text("id,registered_on\np-1,never\n")

    assert call("import", "bad", "--into", "new.db").code == 1
    assert "570 unchanged" in call("import", EXAMPLES / "wertzu", "--into", "new.db").out


def test_findings_are_told_and_stop_nothing(call, tmp_path):
    """A fact that breaks a rule is stored, and told by place while importing and by check."""
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "people.csv").write_text("id,registered_on\np-1,2018-01-01\n")
    (tmp_path / "odd" / "enrollments.csv").write_text(
        "id,person,program,program_version,started_on,ended_on,ending\n"
        "e-1,p-1,wertzu,1,2018-02-01,2018-01-01,completed\n"
    )
    done = call("import", "odd", "--into", "odd.db")

    assert (done.code, done.err) == (0, "")
    assert "2 added" in done.out
    assert "@ enrollments.csv:2" in done.out
    assert "@ enrollments[e-1]" in call("check", "odd.db").out


@pytest.mark.parametrize("name", ["wertzu", "verna"])
def test_check_finds_nothing_in_the_examples(call, stores, name):
    """Both examples are consistent, as a store and as a folder."""
    assert call("check", stores[name]).out == "no findings\n"
    assert call("check", EXAMPLES / name).out == "no findings\n"


@pytest.mark.parametrize("name", ["wertzu", "verna"])
def test_completion_is_the_published_figure(call, stores, name):
    """The figure of the source, with its interval, for those who may see the facts."""
    k, n, *numbers = COMPLETION[name]
    (figure,) = measured(call, stores[name], "completion", "--internal")["figures"]
    assert (figure["k"], figure["n"], figure["status"]) == (k, n, "shown")
    assert [round(figure[key], 4) for key in ("value", "low", "high")] == numbers


@pytest.mark.parametrize(("name", "seen"), [("wertzu", (30, 40, 0.75)), ("verna", (None,) * 3)])
def test_completion_leaves_rounded_or_not_at_all(call, stores, name, seen):
    """13 of 41 did not complete, and 28 did: 30 of 40; nine of 38 are too few to be told."""
    (figure,) = measured(call, stores[name], "completion")["figures"]
    assert (figure["k"], figure["n"], figure["value"]) == seen


@pytest.mark.parametrize("name", ["wertzu", "verna"])
def test_every_way_to_a_figure_gives_the_same_digits(call, stores, name):
    """Memory, SQLite, a folder and the command line agree to the last digit."""
    with osa.open(stores[name]) as file, osa.open(str(EXAMPLES / name)) as folder:
        memory = osa.open("memory:")
        memory.add(fact for table in TABLES.values() for fact in file.facts(table.record))
        results = [one.measure("completion").to_dict() for one in (memory, file, folder)]

    printed = [
        measured(call, place, "completion", "--internal")
        for place in (stores[name], EXAMPLES / name)
    ]
    assert all(result == results[0] for result in [*results, *printed])


def test_json_has_its_promised_shape(call, stores):
    """Metric, kind, settings and figures, each with its place, numbers and status."""
    shown = measured(
        call, stores["wertzu"], "completion", "--by", "group.place", "--periods", "yearly",
        "--as-of", "2018-12-31", "--confidence", "0.9",
    )  # fmt: skip

    assert list(shown)[:3] == ["metric", "kind", "settings"]
    assert (shown["metric"], shown["kind"]) == ("completion", "time_to_event")
    settings = shown["settings"]
    assert settings["by"] == ["group.place"]
    assert settings["as_of"] == "2018-12-31"
    assert settings["confidence"] == 0.9
    assert settings["periods"][0].endswith("-01-01")
    for figure in shown["figures"]:
        promised = {"strata", "period", "name", "at", "value", "low", "high", "n", "k", "status"}
        assert promised <= figure.keys()
        assert figure["strata"].keys() == {"group.place"}
        assert figure["period"] in settings["periods"]


def test_what_is_not_known_on_the_day_is_not_counted(call, stores):
    """Before the first start there is nobody, and an undefined share says why."""
    (figure,) = measured(call, stores["wertzu"], "completion", "--as-of", "2010-01-01")["figures"]

    assert (figure["value"], figure["n"], figure["status"]) == (None, 0, "undefined")
    assert figure["reason"] == "no_cases"


def test_a_small_cell_is_hidden_without_internal(call, stores):
    """A hidden figure shows its status and not one number; with --internal all is there."""
    arguments = (stores["verna"], "completion", "--by", "enrollment.channel", "--periods", "yearly")
    inside = measured(call, *arguments, "--internal")["figures"]
    outside = measured(call, *arguments)["figures"]

    small = [figure for figure in inside if figure["n"] and figure["n"] < 5]
    hidden = [figure for figure in outside if figure["status"] == "suppressed"]
    assert small
    assert len(hidden) >= len(small)
    assert {figure[key] for figure in hidden for key in NUMBERS} == {None}
    assert {figure["reason"] for figure in hidden} == {""}
    assert not [one for one in outside if one["status"] == "shown" and 0 < (one["n"] or 0) < 5]


def test_a_table_for_people_says_when_it_is_internal(call, stores):
    """Without --json a table is printed, stamped when nothing is hidden in it."""
    public = call("measure", stores["wertzu"], "completion").out
    internal = call("measure", stores["wertzu"], "completion", "--internal").out

    assert "30 of 40" in public
    assert "INTERNAL" not in public
    assert "28 of 41" in internal
    assert "INTERNAL" in internal


def test_a_report_for_own_eyes_is_asked_for_as_a_metric_is(call, stores):
    """``--internal`` says what ``--profile internal`` says."""
    asked = ("report", stores["wertzu"], "--program", "wertzu")
    exact = call(*asked, "--internal")
    assert exact == call(*asked, "--profile", "internal")
    assert exact.out.startswith("*** INTERNAL")


def test_a_table_speaks_finnish_and_swedish(call, stores):
    """The locale changes the words and how numbers are written."""
    finnish = call("measure", stores["wertzu"], "completion", "--locale", "fi").out
    swedish = call("measure", stores["wertzu"], "completion", "--locale", "sv").out

    assert len({finnish, swedish, call("measure", stores["wertzu"], "completion").out}) == 3


SIGNS = {
    "text": "Peer facilitator training",
    "markdown": "# Peer facilitator training",
    "html": "<!DOCTYPE html>",
    "csv": ",",
    "json": "{",
}


@pytest.mark.parametrize("form", SIGNS)
def test_a_report_is_written_and_printed_alike(call, stores, tmp_path, form):
    """--out writes the bytes that are otherwise printed, and stdout then holds the path only."""
    printed = call("report", stores["wertzu"], "--program", "wertzu", "--as", form)
    written = call(
        "report", stores["wertzu"], "--program", "wertzu", "--as", form, "--out", "report.out"
    )

    assert (printed.code, written.code) == (0, 0)
    assert SIGNS[form] in printed.out[:2000]
    assert written.out == "report.out\n"
    assert (tmp_path / "report.out").read_bytes() == printed.out.encode()


@pytest.mark.parametrize(
    ("ending", "form"),
    [("txt", "text"), ("md", "markdown"), ("html", "html"), ("csv", "csv"), ("json", "json")],
)
def test_the_ending_of_the_file_names_the_format(call, stores, tmp_path, ending, form):
    """Without --as the file's ending decides."""
    arguments = ("report", stores["verna"], "--program", "verna")
    assert call(*arguments, "--out", f"page.{ending}").code == 0
    shown = call(*arguments, "--as", form).out

    assert (tmp_path / f"page.{ending}").read_bytes() == shown.encode()


def test_an_export_reads_back_equal(call, stores, tmp_path):
    """What export writes, import reads, and a further export writes the same bytes."""
    done = call("export", stores["verna"], "--as", "folder", "--out", "first")
    assert done.code == 0
    assert {*done.out.split(), "first/.inside.json"} == {
        f"first/{name}" for name in tree(tmp_path / "first")
    }

    again = call("import", "first", "--into", stores["verna"])
    assert " 0 revised, " in again.out
    assert again.out.startswith("table")
    assert "\n0 added" in again.out

    call("import", "first", "--into", "copy.db")
    call("export", "copy.db", "--out", "second")
    assert tree(tmp_path / "first") == tree(tmp_path / "second")


def test_an_export_equals_the_folder_it_came_from(call, stores, tmp_path):
    """Through a store and out again: every table of the example, byte for byte."""
    call("export", stores["wertzu"], "--out", "out")

    for name, content in tree(EXAMPLES / "wertzu").items():
        if name.endswith(".csv"):
            assert (tmp_path / "out" / name).read_bytes() == content


def test_who_must_not_share_a_group_is_never_exported(call, tmp_path):
    """The judgement stays in the store, and stderr says that it does."""
    with osa.open("kept.db") as register:
        register.add(
            [
                osa.Person(id="p-1", registered_on=date(2018, 1, 1)),
                osa.Person(id="p-2", registered_on=date(2018, 1, 1)),
                osa.KeepApart(id="k-1", one="p-1", other="p-2", until=date(2030, 1, 1)),
            ]
        )
    done = call("export", "kept.db", "--out", "out")

    assert done.code == 0
    assert "keep_apart is never exported" in done.err
    made = tree(tmp_path / "out")
    assert sorted(made) == [".inside.json", "datapackage.json", "people.csv"]
    assert b"keep_apart" not in b"".join(made.values())


def test_programmes_are_listed_with_version_and_title(call):
    """One line for each of the five."""
    lines = call("programs").out.splitlines()

    assert [line.split()[0] for line in lines] == [
        "kokemusohjaus", "verna", "wertzu", "yhteiskehittaminen", "yhteiso",
    ]  # fmt: skip
    assert lines[2].endswith("Peer facilitator training (Wertzu)")


@pytest.mark.parametrize(
    "name", ["kokemusohjaus", "verna", "wertzu", "yhteiskehittaminen", "yhteiso"]
)
def test_a_programme_reads_as_text(call, name):
    """A card has no line too long to read, no Python in it, and says what is not stated."""
    card = call("programs", name).out

    assert card.startswith(f"{name} version 1, definition ")
    assert max(map(len, card.splitlines())) <= 100
    assert not [sign for sign in ("None", "Text(", "()", "<", "'fi'") if sign in card]
    assert "\nnot stated in the source\n" in card


def test_a_programme_of_a_file_is_shown(call, tmp_path):
    """A path to a TOML file stands where a name does."""
    (tmp_path / "open_group.toml").write_text(
        'name = "open_group"\nversion = "7"\ntitle = { en = "Open group" }\n'
        'kinds = ["group_training"]\n'
    )

    assert call("programs", "open_group.toml").out.startswith("open_group version 7, definition ")


def test_metrics_are_listed_with_their_titles(call):
    """Every metric of the library, by its name and title."""
    lines = dict(line.split(maxsplit=1) for line in call("metrics").out.splitlines())

    assert lines["completion"] == "Completing the programme"
    assert lines["recruitment_funnel"] == "From being reached to starting"


def test_a_metric_shows_its_card(call):
    """Title, sentence, kind, source, what it reads in words, and last the SELECT itself."""
    card = call("metrics", "completion").out

    assert card.startswith("completion: Completing the programme\nOf the people who started")
    assert "\ntime until one of several events; definition " in card
    assert "reads the fields: personal: enrollments.person; the programme's own:" in card
    assert "group.place" in card
    assert "gives Completed (completed): value 0.8" in card
    assert card.index("\nexample: Five began") < card.index("\ncases (SQL):\nWITH spans AS")
    assert "FLOW" not in card
    assert "time_to_event" not in card
    assert "(special)" not in card


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "fi",
            (
                "Ohjelman läpikäyminen",
                "sanotaan näin: Aloittaneita on {n}",
                "lähde: C1",
                "lukee tiedot: henkilötieto:",
                "perusjoukko: alkaneet osallistumisjaksot\n",
                "esimerkki: Viisi aloitti; kolme kävi loppuun",
            ),
        ),
        (
            "sv",
            (
                "Att slutföra",
                "sägs så här: Av {n} som började",
                "källa: C1",
                "läser uppgifterna: personuppgift:",
                "exempel: Fem började; tre slutförde",
            ),
        ),
        ("en", ("Completing the", "told as: Of {n} who began", "source: C1", "reads the fields:")),
    ],
)
@pytest.mark.parametrize("option", ["--lang", "--locale"])
def test_a_card_speaks_three_languages(call, language, said, option):
    """Title, sentences and headings; the SELECT is the same in all of them."""
    card = call("metrics", "completion", option, language)
    assert card.code == 0
    for text in said:
        assert text in card.out, text
    assert "SELECT person, id AS enrollment" in card.out


def test_metrics_are_listed_in_the_language_that_is_asked(call):
    lines = dict(
        line.split(maxsplit=1) for line in call("metrics", "--lang", "sv").out.splitlines()
    )
    assert lines["waiting_time"] == "Väntetid"


NORMS = ("--policy", "norms_sd=5", "--policy", "norms_reliability=0.8")


@pytest.fixture
def readings(tmp_path):
    """A store with the readings of three people: 32 and 17, 20 and 19, 12 and 28."""
    place = str(tmp_path / "readings.db")
    facts = pairs([(32, 17), (20, 19), (12, 28)])
    people = {fact.person for fact in facts if isinstance(fact, osa.Enrollment)}
    facts += [osa.Person(id=one, registered_on=date(2025, 1, 1)) for one in sorted(people)]
    with osa.open(place) as register:
        register.add(facts)
    return place


def test_reliable_change_takes_published_norms_with_their_source(call, readings):
    """Fewer points are better in AUDIT; 1.96 √2 · 5 √0.2 = 6.2 points are beyond chance."""
    source = ("--policy", "norms_source=made up for a test")
    done = call("measure", readings, "reliable_change", "--internal", *NORMS, *source, "--json")
    assert (done.code, done.err) == (0, "")
    result = json.loads(done.out)
    found = {figure["name"]: (figure["k"], figure["n"]) for figure in result["figures"]}
    assert found["improved"] == found["worse"] == found["no_reliable_change"] == (1, 3)
    assert result["settings"]["policies"]["norms_source"] == "made up for a test"


def test_norms_are_printed_with_the_figures(call, readings):
    source = ("--policy", "norms_source=made up for a test", "--policy", "norms_cut_off=8.5")
    done = call(
        "measure", readings, "reliable_change", "--internal", *NORMS, *source, "--lang", "fi"
    )
    told = " ".join(done.out.split())
    assert "Näiden lukujen lähde: made up for a test." in told
    assert "Mittarin hajonta: 5." in told
    assert "Mittarin raja-arvo: 8,5." in told


def test_without_norms_there_is_no_class_and_the_remedy_is_said(call, readings):
    """No number is made up; how many were read twice is known all the same."""
    done = call("measure", readings, "reliable_change", "--internal")
    assert done.code == 0
    assert "norms_sd, norms_reliability and norms_source" in done.err
    assert "3 of 3" in done.out


def test_norms_and_their_release_are_remembered(call, readings):
    """Asked again the same, a release stays; under other norms it is another question."""
    policies = (*NORMS, "--policy", "norms_source=made up")
    first = call("measure", readings, "reliable_change", *policies)
    again = call("measure", readings, "reliable_change", *policies)
    assert (first.code, again.code) == (0, 0)
    assert first.out == again.out


def test_plugins_of_one_name_are_shown_in_every_group(call):
    """``sqlite`` is a store and an engine; both keep their contract."""
    done = call("plugins", "sqlite")

    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()] == ["stores", "engines"]
    assert all(line.endswith(" ok") for line in done.out.splitlines())


def test_the_demo_writes_a_page_on_each_example(call, tmp_path):
    """The main job from a folder of facts to two pages, in the language asked for."""
    done = call("demo", "--out", "pages", "--locale", "sv")

    assert (done.code, done.err) == (0, "")
    assert sorted(tree(tmp_path / "pages")) == ["verna.html", "wertzu.html"]
    assert b'<html lang="sv">' in tree(tmp_path / "pages")["wertzu.html"]
    assert "wertzu: 570 facts" in done.out


@pytest.mark.parametrize(("count", "told"), [(1, "1 figure hidden"), (2, "2 figures hidden")])
def test_one_hidden_figure_is_one_figure(count, told):
    """The note counts in words that agree."""
    assert hidden_note(count).startswith(told)


@pytest.mark.parametrize(
    ("asked", "told"), [([], False), (["--by", "group.place", "--periods", "monthly"], True)]
)
def test_who_asks_too_much_at_once_is_told_what_shows_more(call, tmp_path, asked, told):
    """A page of dots is not the end: fewer questions at once hide less."""
    common = ("--program", "wertzu", "--report", "board", "--out", str(tmp_path / "board.html"))
    done = call("report", EXAMPLES / "wertzu", *common, *asked)
    assert done.code == 0
    assert ("more is hidden than shown" in done.err) is told


def test_free_text_is_exported_only_when_asked_for(call, tmp_path):
    """What people wrote in their own words stays in the store, and its absence is told."""
    with osa.open(str(tmp_path / "own.db")) as register:
        register.add(
            [
                osa.Observation(
                    id="o-1",
                    program="wertzu",
                    phase="during",
                    observed_on=date(2018, 1, 8),
                    measure="mood",
                    note="in our own words",
                )
            ]
        )

    without = call("export", "own.db", "--out", "without")
    asked = call("export", "own.db", "--out", "asked", "--include-free-text")

    assert (without.code, asked.code, asked.err) == (0, 0, "")
    assert without.err == "1 free text left out; --include-free-text exports it too\n"
    assert b"own words" not in b"".join(tree(tmp_path / "without").values())
    assert b"in our own words" in tree(tmp_path / "asked")["observations.csv"]


def test_releases_are_listed_with_who_made_them_of_what(call, stores, tmp_path):
    """One line each, oldest first; the same release again adds none, internal views neither."""
    store = tmp_path / "own.db"
    call("import", EXAMPLES / "wertzu", "--into", store)
    assert call("releases", store).out == ""
    for arguments in (
        ("measure", store, "completion"),
        ("measure", store, "completion"),
        ("measure", store, "completion", "--internal"),
        ("report", store, "--program", "wertzu", "--profile", "internal"),
        ("report", store, "--program", "wertzu", "--internal"),
        ("report", store, "--program", "wertzu"),
    ):
        told = call(*arguments).err
        looked = "internal" in arguments[-1]
        assert told == "" if looked else REMEMBERED.fullmatch(told)
    first, second = call("releases", store).out.splitlines()
    assert first.startswith("1  ")
    assert "public (at least 10, rounded to 5)" in first
    assert "command line, for measure" in first
    assert first.endswith("  completion")
    assert "command line, for report" in second
    assert "people_and_episodes, recruitment_funnel" in second


@pytest.mark.parametrize("out", ["none/page.html", "page.odt", "there.html"])
def test_a_report_that_cannot_be_written_is_not_released(call, tmp_path, out):
    """What is remembered for good must have left: the file is looked at first."""
    call("import", EXAMPLES / "wertzu", "--into", "own.db")
    (tmp_path / "there.html").write_text("kept")
    assert call("report", "own.db", "--program", "wertzu", "--out", out).code == 1
    assert call("releases", "own.db").out == ""
    assert (tmp_path / "there.html").read_text() == "kept"


def test_a_folder_remembers_no_releases_and_says_so(call):
    """On stderr, beside what is released; there is nothing to list."""
    assert "keeps no ledger" in call("measure", EXAMPLES / "wertzu", "completion").err
    refused = call("releases", EXAMPLES / "wertzu")
    assert refused.code == 1
    assert "remembers no releases" in refused.err


def test_the_reviewer_is_told_what_would_stay_hidden_and_nothing_is_released(call, tmp_path):
    """Before the release and after it the review is the same, and the ledger knows of none."""
    store = tmp_path / "own.db"
    call("import", EXAMPLES / "wertzu", "--into", store)
    asked = ("report", store, "--program", "wertzu")
    before = call(*asked, "--review")
    assert call("releases", store).out == ""
    report = call(*asked)
    after = call(*asked, "--review")

    assert (before.code, before.err) == (0, "")
    assert before.out == after.out
    assert before.out.startswith("*** INTERNAL")
    assert "recruitment_funnel" in before.out
    assert "possible for a reader" in before.out
    assert "more closely than 10 numbers" in before.out
    assert before.out not in report.out
    assert len(call("releases", store).out.splitlines()) == 1


def test_a_review_says_which_values_to_show_as_one(call, stores):
    """Verna's people by how they were reached: a few by each channel."""
    done = call("measure", stores["verna"], "completion", "--by", "enrollment.channel", "--review")

    assert done.code == 0
    assert re.search(
        r"if \w+ and \w+ were one way in, \d+ counts would be hidden instead of \d+\n", done.out
    )
    assert "Completed, the rest" in done.out


def test_a_review_counts_what_is_hidden_without_a_small_count(call):
    """As many as the release then says; a median between two days of a curve is one of them."""
    call("import", EXAMPLES / "wertzu", "--into", "own.db")
    asked = ("measure", "own.db", "retention")
    review = call(*asked, "--review").out
    assert "1 figure hidden\n1 of them without a small count: there is no value" in review
    assert "1 figure is hidden" in call(*asked).out
    nothing = ("measure", "own.db", "people_and_episodes", "--review")
    assert "nothing has to be hidden" in call(*nothing).out
