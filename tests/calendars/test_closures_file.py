"""A file of closures that anybody can write."""

import pytest

from osallisuus.calendars.closures import read_closures
from osallisuus.errors import ImportProblem, LimitError
from osallisuus.time import Period


@pytest.fixture
def write(tmp_path):
    def write(text, encoding="utf-8"):
        file = tmp_path / "closures.csv"
        file.write_bytes(text.encode(encoding))
        return file

    return write


def read(file, **more):
    return [
        (str(one.period), one.reason.fi, one.reason.en, one.policy)
        for one in read_closures(file, **more)
    ]


def test_days_periods_reasons_and_policies(write):
    file = write(
        "starts_on,ends_on,reason,policy\n"
        "2026-12-21,2027-01-07,winter break,extend\n"
        "\n"
        " 2027-02-22 ,,staff training,\n"
    )
    assert read(file) == [
        ("2026-12-21..2027-01-07", "winter break", "winter break", "extend"),
        ("2027-02-22..2027-02-23", "staff training", "staff training", "skip"),
    ]
    assert read(file, policy="move")[1][3] == "move"
    assert not any(one.holiday for one in read_closures(file))


def test_semicolons_a_byte_order_mark_and_reasons_by_language(write):
    file = write("starts_on;reason_fi;reason_en\n2026-12-21;talvitauko;winter break\n", "utf-8-sig")
    (one,) = read_closures(file)
    assert (one.reason.fi, one.reason.sv, one.reason.en) == ("talvitauko", None, "winter break")
    assert one.period == Period.parse("2026-12-21..2026-12-22")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("21.12.2026,,x,", "not a day @ closures.csv:2.starts_on"),
        (",,x,", "not a day @ closures.csv:2.starts_on"),
        ("2026-02-30,,x,", "not a day @ closures.csv:2.starts_on"),
        ("20261221,,x,", "not a day @ closures.csv:2.starts_on"),
        ("9999-12-31,,x,", "not a day @ closures.csv:2.starts_on"),
        ("2026-12-21,soon,x,", "not a day @ closures.csv:2.ends_on"),
        ("2026-12-21,2026-12-21,x,", "it ends before it starts @ closures.csv:2.ends_on"),
        ("2026-12-21,2026-12-20,x,", "it ends before it starts @ closures.csv:2.ends_on"),
        ("2026-12-21,,,", "no reason @ closures.csv:2.reason"),
        ("2026-12-21,,x,later", "unknown policy @ closures.csv:2.policy"),
        ("2026-12-21,,x,skip,more", "more cells than columns @ closures.csv:2"),
    ],
)
def test_a_row_that_cannot_be_understood_is_named_by_its_place(write, row, problem):
    with pytest.raises(ImportProblem) as caught:
        read_closures(write(f"starts_on,ends_on,reason,policy\n{row}\n"))
    (found,) = caught.value.problems
    assert str(found).startswith(problem)
    assert "soon" not in str(found)
    assert "later" not in str(found)


def test_all_problems_are_named_at_once(write):
    with pytest.raises(ImportProblem) as caught:
        read_closures(write("starts_on,reason\nx,y\n2026-01-01,\n"))
    assert [one.where for one in caught.value.problems] == [
        "closures.csv:2.starts_on",
        "closures.csv:3.reason",
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "a column is missing"),
        ("starts_on\n2026-01-01\n", "a column is missing"),
        ("starts,reason\n", "unknown column"),
        ("starts_on,reason,reason\n", "a column stands twice"),
        ('starts_on,reason\n2026-01-01,"open\n', "not a CSV table"),
    ],
)
def test_a_table_of_another_shape_is_refused(write, text, what):
    with pytest.raises(ImportProblem, match=what):
        read_closures(write(text))


def test_another_encoding_or_a_huge_file_is_refused(write):
    with pytest.raises(ImportProblem, match="UTF-8"):
        read_closures(write("starts_on,reason\n2026-01-01,pääsiäinen\n", "latin-1"))
    with pytest.raises(LimitError, match="a file of more than 1048576 bytes"):
        read_closures(write("x" * (2**20 + 1)))
