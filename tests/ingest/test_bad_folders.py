"""What is wrong with a folder is said all at once, by place and remedy, and nothing is stored."""

import os
import subprocess
import sys

import pytest

import osallisuus as osa
from osallisuus.errors import LimitError
from osallisuus.ingest.folder import read_folder
from osallisuus.ingest.limits import Limits
from tests.ingest.folders import CANARY, GOOD, fill, problems, register


def test_the_good_folder_is_good(tmp_path):
    """What the other tests spoil is taken in whole, without a finding, and again without change."""
    folder = fill(tmp_path / "facts")
    with register(tmp_path) as opened:
        receipt = opened.add(read_folder(folder))
        assert (receipt.added, receipt.findings) == (10, ())
        again = opened.add(read_folder(folder))
        assert (again.added, again.revised, again.unchanged) == (0, 0, 10)


def test_twenty_mistakes_are_told_in_one_run(tmp_path):
    """Each of twenty different mistakes is named by file, row and column with what would do."""
    c = CANARY
    folder = fill(
        tmp_path / "facts",
        people=(
            f"id,registered_on\np1,2020-01-01\np2,2020-02-30\n{c},2020-01-01\np1,2020-01-04\n"
            f"p3,\np4,01/02/2020 {c}\np5,2020-01-05,{c}\np6\n"
        ),
        groups=(
            f"id,program,program_version,knid,kind,starts_on\ng1,Wertzu {c},1,,weekly,2020-01-01\n"
        ),
        enrollments=(
            "id,person,program,program_version,group,started_on,ended_on,ending\n"
            "e1,p1,wertzu,1,g1,2020-02-01,2020-05-01,complete\n"
            "e2,nobody,wertzu,1,g1,2020-02-01,,\n"
            "e3,p1,wertzu,1,g9,2020-02-01,,\n"
            f"e4,p1,wertzu, {c},g1,2020-02-01,,\n"
        ),
        sessions=(
            "id,group,kind,starts_at,minutes,status\n"
            "s1,g1,group_meeting,2020-03-29T03:30[Europe/Helsinki],120,held\n"
            "s2,g1,group_meeting,2020-10-25T03:30[Europe/Helsinki],120,held\n"
            "s3,g1,group_meeting,2020-02-08T10:00,120,held\n"
            "s4,g1,group_meeting,2020-02-08T10:00[Europe/Helsinki],-5,Held\n"
        ),
        attendance=f"id\tsession\tperson\tstatus\na1\ts1\tp1\t{c}\n",
        costs=f'id,program,happened_on,head\nc1,wertzu,2020-01-01,"{c}\n',
        persons="id,registered_on\n",
        answers=b"",
    )
    (folder / "datapackage.json").write_text('{"resources": [{"path": "roles.csv"}]}')

    found = problems(folder)

    assert set(found) == {
        "people.csv:3.registered_on", "people.csv:4.id", "people.csv:5.id",
        "people.csv:6.registered_on", "people.csv:7.registered_on", "people.csv:8", "people.csv:9",
        "groups.csv:1", "groups.csv:2.program",
        "enrollments.csv:2.ending", "enrollments.csv:3.person", "enrollments.csv:4.group",
        "enrollments.csv:5.program_version",
        "sessions.csv:2.starts_at", "sessions.csv:3.starts_at", "sessions.csv:4.starts_at",
        "sessions.csv:5.minutes", "sessions.csv:5.status",
        "attendance.csv:1", "costs.csv:2", "answers.csv:1", "persons.csv", "roles.csv",
    }  # fmt: skip
    assert all(problem.remedy for problem in found.values())
    assert "completed" in found["enrollments.csv:2.ending"].remedy
    assert "'kind'" in found["groups.csv:1"].remedy
    assert "row 2" in found["people.csv:5.id"].remedy
    assert "add it to people" in found["enrollments.csv:3.person"].remedy
    assert "'held'" in found["sessions.csv:5.status"].remedy
    assert "commas" in found["attendance.csv:1"].remedy


ONE_MISTAKE = {
    "ragged": ({"people": "id,registered_on\np1,2020-01-01,x\np2\np3,2020-01-01\n"},
               {"people.csv:2", "people.csv:3"}),
    "twice": ({"people": GOOD["people.csv"] + "p2,2020-09-09\n"}, {"people.csv:5.id"}),
    "unknown column": ({"attendance": "id,session,persom,person,status\na1,s1,,p1,present\n"},
                       {"attendance.csv:1"}),
    "column twice": ({"people": "id,id,registered_on\np1,p1,2020-01-01\n"},
                     {"people.csv:1.id", "enrollments.csv:3.person", "enrollments.csv:4.person",
                      "attendance.csv:3.person"}),
    "column missing": ({"people": "id\np1\np2\np3\n"}, {"people.csv:1.registered_on"}),
    "no header": ({"people": "p1,2020-01-01\np2,2020-01-01\n"},
                  {"people.csv:1", "people.csv:1.id", "people.csv:1.registered_on"}),
    "empty file": ({"people": b""}, {"people.csv:1"}),
    "semicolons and commas": ({"attendance": "id,session,person,status;\na1,s1,p1,present;\n"},
                              {"attendance.csv:1", "attendance.csv:1.status"}),
    "semicolons in the header only": (
        {"attendance": "id;session;person;status\na1,s1,p1,present\n"}, {"attendance.csv:2"}),
    "tabs": ({"people": "id\tregistered_on\np1\t2020-01-01\n"}, {"people.csv:1"}),
    "unterminated quote": ({"people": 'id,registered_on\np1,2020-01-01\np2,"2020-01-01\n'},
                           {"people.csv:3"}),
    "text after a quote": ({"people": 'id,registered_on\n"p"1,2020-01-01\n'}, {"people.csv:2"}),
    "NUL": ({"people": GOOD["people.csv"] + "p\x004,2020-01-01\n"}, {"people.csv:5.id"}),
    "Latin-1": ({"groups": GOOD["groups.csv"].replace("Turku", "Jyväskylä").encode("latin-1")},
                {"groups.csv:2.place"}),
    "UTF-16": ({"people": GOOD["people.csv"].encode("utf-16")}, {"people.csv:1"}),
    "impossible day": ({"people": GOOD["people.csv"] + "p4,2019-02-29\n"},
                       {"people.csv:5.registered_on"}),
    "nobody": ({"attendance": "id,session,person,status\na1,s1,p9,present\n"},
               {"attendance.csv:2.person"}),
    "wide header": ({"people": "id,registered_on" + ",x" * 50_000 + "\n"}, {"people.csv:1"}),
    "huge cell": ({"people": "id,registered_on\np1," + "9" * 500_000 + "\n"}, {"people.csv:2"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", ONE_MISTAKE)
def test_a_mistake_is_told_once_and_where_it_is(tmp_path, kind):
    """One mistake is one problem at its own place, not one more for each row that refers to it."""
    files, places = ONE_MISTAKE[kind]
    found = problems(fill(tmp_path / "facts", **files))
    assert set(found) == places
    assert all(problem.remedy for problem in found.values())


def test_a_row_in_another_encoding_is_named(tmp_path):
    """The row and column of the first such cell are told once, however many follow."""
    text = GOOD["groups.csv"] + "g2,wertzu,1,weekly,Jyväskylä,2020-01-01\n"
    text += "g3,wertzu,1,weekly,Ähtäri,2020-01-01\n"
    found = problems(fill(tmp_path / "facts", groups=text.encode("cp1252")))
    assert list(found) == ["groups.csv:3.place"]
    assert "UTF-8" in found["groups.csv:3.place"].what


def test_a_forgotten_file_is_not_told_for_every_row(tmp_path):
    """Of thousands of references to a file that is not there the first are named, the rest counted."""
    rows = "".join(f"a{i},s1,p{i},present\n" for i in range(5000))
    folder = fill(tmp_path / "facts", people=None, enrollments=None)
    (folder / "attendance.csv").write_text(f"id,session,person,status\n{rows}")
    found = problems(folder)
    assert len(found) == 101
    assert "4900 further" in found["attendance.person"].what


def test_many_alike_in_one_column_are_one_line_more(tmp_path):
    """Of 48 wrong codes five are named, the rest counted; another kind or column has its own five."""
    rows = "".join(f"a{i},s1,p1,läsnä\n" for i in range(48)) + "b1,s1,p1,\nb2,s1,p 1,present\n"
    found = problems(fill(tmp_path / "facts", attendance=f"id,session,person,status\n{rows}"))
    assert list(found) == [
        "attendance.csv:51.person",
        *(f"attendance.csv:{row}.status" for row in range(2, 7)),
        "attendance.status",
        "attendance.csv:50.status",
    ]
    assert found["attendance.status"].what == "… and 43 more in this column: unknown code"
    assert all(problem.remedy for problem in found.values())


def test_five_alike_are_all_named(tmp_path):
    """No line counts what is not left out."""
    rows = "".join(f"p{i},x\n" for i in range(1, 6))
    found = problems(fill(tmp_path / "facts", people=f"id,registered_on\n{rows}"))
    assert list(found) == [f"people.csv:{row}.registered_on" for row in range(2, 7)]


def test_a_missing_column_does_not_hide_what_else_is_wrong(tmp_path):
    """Days, codes and ids of the other columns are told in the same run, and how to mend it."""
    found = problems(
        fill(
            tmp_path / "facts",
            enrollments=(
                "id,person,program,group,started_on,ended_on,ending\n"
                "e1,p1,wertzu,g1,2020-02-30,,\ne2,p2,wertzu,g1,2020-02-01,2020-05-01,complete\n"
                "e2,p3,wertzu,g1,2020-02-01,,\n"
            ),
        )
    )
    assert set(found) == {
        "enrollments.csv:1.program_version",
        "enrollments.csv:2.started_on",
        "enrollments.csv:3.ending",
        "enrollments.csv:4.id",
    }
    assert "osallisuus programs" in found["enrollments.csv:1.program_version"].remedy


def test_a_missing_id_column_does_not_hide_what_else_is_wrong(tmp_path):
    """Without ids nothing can be referred to, so references to the table are not judged."""
    found = problems(fill(tmp_path / "facts", people="registered_on\n2020-01-01\n2020-02-30\n"))
    assert set(found) == {"people.csv:1.id", "people.csv:3.registered_on"}


def test_problems_beyond_the_limit_are_counted(tmp_path):
    """A file that is wrong in every row does not fill the screen or the memory."""
    rows = "x\n" * 3000
    folder = fill(tmp_path / "facts", attendance=f"id,session,person,status\n{rows}")
    found = problems(folder, limits=Limits(problems=10))
    assert len(found) == 11
    assert any("2990 further problems" in problem.what for problem in found.values())


def test_a_listed_file_that_is_missing_is_named(tmp_path):
    """datapackage.json may list a file of a table that is not there."""
    folder = fill(tmp_path / "facts", people=None)
    (folder / "datapackage.json").write_text('{"resources": [{"path": "people.csv"}]}')
    assert set(problems(folder)) == {"people.csv"}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"resources": 1}', b'{"resources": [{}]}', b'{"resources": [{"path": 1}]}',
     b"\xff\xfe", b"[" * 100_000, b'{"resources": [{"path": ["people.csv"]}]}'],
    ids=lambda content: repr(content)[:30],
)  # fmt: skip
def test_a_broken_descriptor_is_named(tmp_path, content):
    """A descriptor that is no data package is a problem of its own; the tables are read."""
    folder = fill(tmp_path / "facts")
    (folder / "datapackage.json").write_bytes(content)
    assert set(problems(folder)) == {"datapackage.json"}


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("People.csv", "'people'"), ("PEOPLE.CSV", "'people'"), ("peopel.csv", "'people'")],
)
def test_a_misnamed_file_is_named_with_its_table(tmp_path, name, remedy):
    """A file name in another case or with a slip is not read in silence, nor left out of it."""
    folder = fill(tmp_path / "facts", people=None)
    (folder / name).write_text(GOOD["people.csv"])
    found = problems(folder)
    assert set(found) == {name}
    assert remedy in found[name].remedy


def test_a_folder_that_is_none_says_so(tmp_path):
    """A missing folder, a file, an empty folder and one without a table are told apart."""
    (tmp_path / "file.csv").write_text("id\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "readme.txt").write_text("hello")
    for name, words in {
        "missing": "no such folder",
        "file.csv": "a file, not a folder",
        "empty": "holds no table",
        "other": "holds no table",
        "a\x00b": "cannot be read",
    }.items():
        with pytest.raises(osa.ImportProblem, match=words) as caught:
            read_folder(tmp_path / name)
        assert caught.value.problems[0].remedy
        assert caught.value.__context__ is None


def test_a_table_that_is_no_file_is_named(tmp_path):
    """A folder or a pipe under a table's name is a problem and blocks nothing."""
    folder = fill(tmp_path / "facts", people=None, attendance=None)
    (folder / "people.csv").mkdir()
    os.mkfifo(folder / "attendance.csv")
    assert set(problems(folder)) == {"people.csv", "attendance.csv"}


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path):
    """Missing rights are one problem among the others."""
    folder = fill(tmp_path / "facts")
    (folder / "people.csv").chmod(0)
    assert set(problems(folder)) == {"people.csv"}


def test_a_dangling_link_is_named(tmp_path):
    """A link to nowhere under a table's name is one problem among the others."""
    folder = fill(tmp_path / "facts", people=None)
    (folder / "people.csv").symlink_to(tmp_path / "nowhere")
    assert set(problems(folder)) == {"people.csv"}


READ = """
import resource, sys, time
from osallisuus.errors import LimitError
from osallisuus.ingest.folder import read_folder
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_folder(sys.argv[1])
except LimitError as error:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, error, sep="|")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is told in other units")
def test_a_million_rows_are_refused_before_they_are_read(tmp_path):
    """The limit is found by looking at the file as it streams by, in next to no memory."""
    folder = tmp_path / "facts"
    folder.mkdir()
    with (folder / "people.csv").open("w") as target:
        target.write("id,registered_on\n")
        for start in range(0, 1_000_000, 50_000):
            target.writelines(f"p{i},2020-01-01\n" for i in range(start, start + 50_000))
    done = subprocess.run(
        [sys.executable, "-c", READ, folder], capture_output=True, text=True, check=True
    )
    kilobytes, _, told = done.stdout.partition("|")
    assert told.startswith("more than 500000 rows in all @ people.csv:500002")
    assert "--max-rows" in told
    assert int(kilobytes) < 8 * 1024


def test_rows_of_all_files_count_together_and_lines_inside_cells_do_not(tmp_path):
    """The limit is on rows, whatever the number of lines that they take."""
    note = '"' + "line\n" * 50 + '"'
    folder = fill(tmp_path / "facts")
    (folder / "interviews.csv").write_text(
        "id,person,program,happened_on,outcome,decided_by\ni1,p1,wertzu,2020-01-01,place,w1\n"
    )
    (folder / "answers.csv").write_text(f"id,form,item,note\nn1,i1,mood,{note}\n")
    assert len(read_folder(folder, limits=Limits(rows=12))) == 12
    with pytest.raises(LimitError, match="more than 11 rows"):
        read_folder(folder, limits=Limits(rows=11))


def test_a_file_over_the_limit_is_refused_unread(tmp_path):
    """The size is known before a byte is read."""
    folder = fill(tmp_path / "facts")
    with pytest.raises(LimitError, match="larger than 100 bytes"):
        read_folder(folder, limits=Limits(file_bytes=100))


def test_a_row_with_a_mistake_has_its_references_judged_as_well(tmp_path):
    """So that nobody who mends the day meets the unknown group only at the next import."""
    heads = "id,person,program,program_version,group,started_on\n"
    rows = "e2,p9,wertzu,1,g1,2020-02-01\ne1,p1,wertzu,1,g9,soon\n"
    assert set(problems(fill(tmp_path / "facts", enrollments=heads + rows))) == {
        "enrollments.csv:2.person", "enrollments.csv:3.started_on", "enrollments.csv:3.group",
    }  # fmt: skip


def test_a_folder_of_a_later_form_is_refused(tmp_path):
    """Nobody knows what its columns mean by then."""
    folder = fill(tmp_path / "facts")
    (folder / "datapackage.json").write_text('{"resources": [], "osallisuus_schema_version": 2}')
    assert set(problems(folder)) == {"datapackage.json:osallisuus_schema_version"}
