"""``import`` of a list and ``template``, as somebody at a terminal uses them."""

from datetime import date

import openpyxl
import pytest

import osallisuus as osa
from osallisuus.cli.main import main
from tests.full_disk import full_disk
from tests.ingest.workbooks import CANARY, MAPPING, ROWS, put, workbook


@pytest.fixture
def call(capsys, tmp_path, monkeypatch):
    """Run a command in a folder with a list and its mapping."""
    monkeypatch.chdir(tmp_path)
    workbook(tmp_path / "list.xlsx")
    (tmp_path / "map.toml").write_text(MAPPING, "utf-8")

    def call(*arguments):
        code = main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        assert "anaria" not in out + err
        return code, out, err

    return call


APPLY = ("import", "list.xlsx", "--mapping", "map.toml", "--into", "facts.db")


def test_a_list_is_imported_and_imported_again_unchanged(call):
    """The key is made once and kept."""
    code, out, err = call(*APPLY, "--key", "key.txt")
    assert (code, "key.txt: a new key" in err) == (0, True)
    assert "5 added" in out
    code, out, err = call(*APPLY, "--key", "key.txt")
    assert (code, err) == (0, "")
    assert "0 added, 0 revised, 5 unchanged" in out


def test_a_correction_in_the_list_is_a_revision(call, tmp_path):
    """Of the same person, by the same key."""
    call(*APPLY, "--key", "key.txt")
    workbook(tmp_path / "list.xlsx", [[*ROWS[0][:3], "jäi pois", None], ROWS[1]])
    assert "0 added, 1 revised, 3 unchanged" in call(*APPLY, "--key", "key.txt")[1]


def test_pseudonyms_need_a_key_that_is_said(call, tmp_path):
    """And once a store is there, not another one."""
    code, _, err = call(*APPLY)
    assert (code, "--key FILE" in err) == (1, True)
    assert not (tmp_path / "facts.db").exists()
    call(*APPLY, "--key", "key.txt")
    code, _, err = call(*APPLY, "--key", "kye.txt")
    assert (code, "no such key" in err) == (1, True)
    assert not (tmp_path / "kye.txt").exists()


def test_with_a_problem_nothing_is_stored_and_no_key_made(call, tmp_path):
    """All problems are on stderr, with their places."""
    workbook(tmp_path / "list.xlsx", [*ROWS, [CANARY + "!", "soon", "never", CANARY, None]])
    code, out, err = call(*APPLY, "--key", "key.txt")
    assert (code, out) == (1, "")
    for place in ("Lista!B4", "Lista!C4", "Lista!D4"):
        assert f"@ list.xlsx {place} (" in err
    assert {one.name for one in tmp_path.iterdir()} == {"list.xlsx", "map.toml"}


def test_a_reference_to_nothing_is_told_by_its_row(call, tmp_path):
    """What only a store can see comes with the rest."""
    text = MAPPING.replace(
        'started_on = "Aloitti"', 'started_on = "Aloitti"\ngroup = { value = "g1" }'
    )
    (tmp_path / "map.toml").write_text(text, "utf-8")
    code, _, err = call(*APPLY, "--key", "key.txt")
    assert (code, "list.xlsx Lista!2.group" in err) == (1, True)


def test_the_journal_does_not_keep_the_name_of_the_file(call, tmp_path):
    """It may be that of a person; only the kind of the source is the reason."""
    (tmp_path / "list.xlsx").rename(tmp_path / "anaria.xlsx")
    main(["import", "anaria.xlsx", *APPLY[2:], "--key", "key.txt"])
    with osa.open(str(tmp_path / "facts.db")) as facts:
        assert [entry.reason for entry in facts.journal()] == ["import of a list (.xlsx)"]


@pytest.mark.parametrize(
    "command",
    [("template", "wertzu", "--out", "made.xlsx"), ("import", "list.xlsx", "--out", "made.toml")],
    ids=lambda command: command[0],
)
def test_a_disk_that_is_full_leaves_no_half_of_a_file(call, capsys, tmp_path, command):
    """The error says of what place it speaks and what would help; then the same name is free."""
    before = {one.name for one in tmp_path.iterdir()}
    with full_disk(100):
        code = main(list(command))
    err = capsys.readouterr().err
    assert code == 1
    assert f"@ {command[-1]} (make room there, or choose another place)" in err
    assert {one.name for one in tmp_path.iterdir()} == before
    assert call(*command)[1].splitlines()[-1] == command[-1]


def test_a_plan_shows_columns_and_stores_nothing(call, tmp_path):
    """Also with problems, which it tells after the plan."""
    code, out, err = call("import", "list.xlsx", "--mapping", "map.toml", "--plan")
    assert (code, err) == (0, "")
    assert "  A      people.id, enrollments.person\n" in out
    assert "       2 of enrollments\n" in out
    workbook(tmp_path / "list.xlsx", [["Joku", "soon", None, None, None]])
    code, out, err = call("import", "list.xlsx", "--mapping", "map.toml", "--plan")
    assert (code, "Lista!B2" in err, "people.id" in out) == (1, True, True)
    assert {one.name for one in tmp_path.iterdir()} == {"list.xlsx", "map.toml"}


def test_a_dry_run_says_what_would_be_added(call, tmp_path):
    """It needs no key, for it keeps no pseudonym."""
    code, out, _ = call(*APPLY, "--dry-run")
    assert (code, "5 would be added" in out) == (0, True)
    assert {one.name for one in tmp_path.iterdir()} == {"list.xlsx", "map.toml"}


def test_without_a_mapping_one_is_proposed_and_nothing_stored(call, tmp_path):
    """On stdout, or into a new file; with a store that was to be filled, the exit code says no."""
    code, out, err = call("import", "list.xlsx")
    assert (code, "nothing was stored" in err) == (0, True)
    assert 'pseudonym = ["Nimi"]' in out
    assert call("import", "list.xlsx", "--into", "facts.db")[0] == 1
    assert call("import", "list.xlsx", "--out", "new.toml")[:2] == (0, "new.toml\n")
    assert (tmp_path / "new.toml").read_text("utf-8") == out
    code, _, err = call("import", "list.xlsx", "--out", "new.toml")
    assert (code, "there already" in err) == (1, True)
    assert not (tmp_path / "facts.db").exists()


def test_a_folder_still_needs_a_store(call, tmp_path):
    """The option is not asked for where only a mapping is proposed."""
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "people.csv").write_text("id,registered_on\np1,2020-01-01\n")
    code, _, err = call("import", "facts")
    assert (code, "--into" in err) == (1, True)


def test_a_template_goes_the_whole_way(call, tmp_path):
    """Written, filled in and imported, without a mapping and without a key."""
    assert call("template", "verna", "--out", "verna.xlsx", "--locale", "fi")[:2] == (
        0,
        "verna.xlsx\n",
    )
    assert call("template", "verna", "--out", "verna.xlsx")[0] == 1
    assert call("template", "verna", "--out", "verna.pdf")[0] == 1
    book = openpyxl.load_workbook("verna.xlsx")
    book["Osallistujat"].append(["P1", date(2020, 1, 1), None, None, None, None, None, None,
                                 date(2020, 2, 1)])  # fmt: skip
    # what is appended stands below the rows that have a format
    book.save("verna.xlsx")
    code, out, err = call("import", "verna.xlsx", "--into", "facts.db")
    assert (code, err) == (0, "")
    assert "2 added" in out
    with osa.open("facts.db", actor="test", purpose="test") as opened:
        (one,) = opened.facts(osa.Enrollment)
    assert (one.id, one.person, one.program) == ("e-verna-P1", "P1", "verna")
    assert one.started_on == date(2020, 2, 1)


SESSIONS = """
dates = ["d.m.yyyy"]
[[sheet]]
name = "Lista"
[[sheet.fact]]
table = "sessions"
id = { join = ["s", "@Nro"] }
group = "Ryhmä"
kind = { value = "group_session" }
starts_at = { heading = "Päivä", at = "17:00" }
minutes = "Minuutteja"
status = { value = "held" }
"""


@pytest.fixture
def sessions(call, tmp_path):
    """Three sessions of a group that nobody defines, one of them with two more mistakes."""
    rows = [[1, "g1", "3.2.2020", 120], [2, "g2", "soon", "long"], [3, "g1", "10.2.2020", 120]]
    workbook(tmp_path / "list.xlsx", rows, headings=["Nro", "Ryhmä", "Päivä", "Minuutteja"])
    (tmp_path / "map.toml").write_text(SESSIONS, "utf-8")
    return call


def test_an_unknown_group_is_told_together_with_everything_else(sessions, tmp_path):
    """Also of a row that has another mistake: nobody has to mend a list twice."""
    code, _, err = sessions(*APPLY)
    assert code == 1
    assert "Lista!C3" in err
    assert "Lista!D3" in err
    assert "no row of groups defines this id @ list.xlsx Lista!2.group, and 2 more rows: 3–4" in err


def test_a_plan_counts_the_rows_below_where_the_list_stops(call, tmp_path):
    """A note of one cell is no problem, but nobody should wonder where it went."""
    workbook(tmp_path / "list.xlsx", [*ROWS, ["Yhteensä"], ["Laatinut: minä"]])
    text = MAPPING.replace('name = "Lista"', 'name = "Lista"\nstop_at = "Yhteensä"')
    (tmp_path / "map.toml").write_text(text, "utf-8")
    code, out, err = call("import", "list.xlsx", "--mapping", "map.toml", "--plan")
    assert (code, err) == (0, "")
    assert out.endswith("\n       1 filled rows below stop_at, not read\n")


def test_a_plan_judges_references_as_well(sessions, tmp_path):
    """In the list, and with --into in the store that is named."""
    workbook(tmp_path / "list.xlsx", [[1, "g1", "3.2.2020", 120]],
             headings=["Nro", "Ryhmä", "Päivä", "Minuutteja"])  # fmt: skip
    plan = (*APPLY[:4], "--plan")
    code, out, err = sessions(*plan)
    assert (code, "1 of sessions" in out) == (1, True)
    assert "no row of groups defines this id @ list.xlsx Lista!2.group" in err
    assert "--into STORE looks there too" in err
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "groups.csv").write_text(
        "id,program,program_version,kind,starts_on\ng1,wertzu,1,group_training,2020-01-01\n"
    )
    assert sessions("import", "facts", "--into", "facts.db")[0] == 0
    assert sessions(*plan, "--into", "facts.db")[::2] == (0, "")
    assert sessions(*plan, "--into", "new.db")[0] == 1
    assert not (tmp_path / "new.db").exists()


def test_a_sheet_that_could_not_be_read_is_not_told_again_by_what_refers_to_it(sessions, tmp_path):
    """One wrong heading on the sheet of groups is one problem, not one for every session."""
    text = (
        SESSIONS
        + """
        [[sheet]]
        name = "Ryhmät"
        [[sheet.fact]]
        table = "groups"
        id = "Tunnus"
        program = { value = "wertzu" }
        program_version = { value = "1" }
        kind = { value = "group_training" }
        starts_on = "Alkaa"
    """
    )
    (tmp_path / "map.toml").write_text(text, "utf-8")

    def more(made, sheet):
        put(made, made.add_worksheet("Ryhmät"), 0, ["Tunnus", "Alkoi"])
        put(made, made.worksheets()[1], 1, ["g1", "1.1.2020"])

    headings = ["Nro", "Ryhmä", "Päivä", "Minuutteja"]
    rows = [[1, "g1", "3.2.2020", 120]]
    workbook(tmp_path / "list.xlsx", rows, headings=headings, more=more)
    code, _, err = sessions(*APPLY)
    assert (code, len(err.splitlines())) == (1, 1)
    assert "missing: 'Alkaa' @ list.xlsx Ryhmät" in err


def test_a_missing_store_does_not_hide_what_is_wrong_with_the_list(sessions):
    """Both are told."""
    code, _, err = sessions("import", "list.xlsx", "--mapping", "map.toml", "--key", "key.txt")
    assert (code, "Lista!C3" in err, "no store is named" in err) == (1, True, True)
