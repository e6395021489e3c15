"""The judge of histories finds each anomaly in a history that was written for it, and no other."""

from __future__ import annotations

import pytest

from tests.reliability.histories import Operation, anomalies, recorded


def add(mark: str, begun: float, ended: float, tx: int) -> Operation:
    return Operation("add", begun, mark, ended, tx=tx)


def read(begun: float, ended: float, *seen: str) -> Operation:
    return Operation("read", begun, ended=ended, seen=seen)


HISTORIES = {
    "sound": ([add("x", 1, 2, 1), read(3, 4, "x")], ["x"]),
    "sound, at the same time": ([add("x", 1, 4, 1), read(2, 3), read(2, 3, "x")], ["x"]),
    "sound, nobody knows how it ended": ([Operation("add", 1, "x"), read(5, 6)], []),
    "sound, it ended well": ([Operation("add", 1, "x"), read(5, 6, "x")], ["x"]),
    "sound, as of then": (
        [add("x", 1, 2, 1), add("y", 3, 4, 2), Operation("past", 5, ended=6, tx=1, seen=["x"])],
        ["x", "y"],
    ),
    "lost": ([add("x", 1, 2, 1)], []),
    "doubled": ([add("x", 1, 2, 1)], ["x", "x"]),
    "misnumbered": ([add("x", 1, 4, 1), add("y", 1, 4, 1)], ["x", "y"]),
    "phantom": ([], ["x"]),
    "phantom, it was refused": ([Operation("add", 1, "x", 2, refused=True)], ["x"]),
    "phantom, it is not there": ([add("x", 1, 2, 1), read(3, 4, "x", "y")], ["x"]),
    "phantom, before it began": ([read(1, 2, "x"), add("x", 3, 4, 1)], ["x"]),
    "phantom, it came later": (
        [
            add("x", 1, 2, 1),
            add("y", 3, 4, 2),
            Operation("past", 5, ended=6, tx=1, seen=["x", "y"]),
        ],
        ["x", "y"],
    ),
    "torn": ([add("x", 1, 4, 1), add("y", 1, 4, 2), read(2, 3, "y")], ["x", "y"]),
    "torn, half of one": ([add("x", 1, 2, 1), read(3, 4, "x", "x")], ["x"]),
    "torn, as of then": (
        [add("x", 1, 2, 1), Operation("past", 5, ended=6, tx=1)],
        ["x"],
    ),
    "torn, a change was not seen": (
        [
            Operation("change", 1, "x", 9, tx=1),
            Operation("change", 1, "y", 9, tx=2),
            add("z", 1, 9, 3),
            read(2, 3, "x", "z"),
        ],
        ["x", "y", "z"],
    ),
    "overwritten": (
        [
            Operation("change", 1, "x", 2, tx=1),
            Operation("change", 3, "y", 6, tx=2, after=1),
            Operation("change", 3, "z", 6, tx=3, after=1),
        ],
        ["x", "y", "z"],
    ),
    "stale": ([add("x", 1, 2, 1), read(3, 4)], ["x"]),
    "backwards": ([add("x", 1, 9, 1), read(2, 3, "x"), read(4, 5)], ["x"]),
    "disordered": ([add("x", 1, 2, 2), add("y", 3, 4, 1)], ["y", "x"]),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_histories_by_hand_are_judged_as_they_are(name):
    """Each anomaly has its own word, and where several clients overlap nothing is claimed."""
    operations, order = HISTORIES[name]
    found = {one.split(":")[0] for one in anomalies(operations, order)}
    wanted = name.split(",")[0]
    assert (found == set()) if wanted == "sound" else (wanted in found)


def test_what_a_kill_has_left_of_a_line_is_no_operation(tmp_path):
    """The system may write only the first pages of a line of a process that is killed."""
    record = tmp_path / "c0"
    begun = '[0, 1.0, "begun", {"kind": "read", "mark": "", "tx": 0, "after": 0}]\n'
    record.write_text(f'{begun}[0, 2.0, "answered", {{"seen": ["x", "y')
    (one,) = recorded(record)
    assert not one.answered
    assert record.read_text() == begun
