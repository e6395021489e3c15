"""The FLOW table and how spells make it."""

from __future__ import annotations

import pytest

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.flow import Flow, LifeRow
from osallisuus.metrics.estimate.spells import flow_of


def test_an_entry_on_the_origin_day_is_at_risk_on_that_day() -> None:
    """Rule s: who leaves on day 0 was there at 0-, so the share is 1 of 2."""
    flow = flow_of([("a", 0, 0, "in", "out"), ("b", 0, 5, "in", "")])
    assert flow.rows == ((-1, "", "in", 2), (0, "in", "out", 1), (5, "in", "", 1))
    assert flow.life_table() == (LifeRow(0, 2, 1, 1), LifeRow(5, 1, 0, 0))
    assert flow.n_collapsed == 0


def test_a_state_passed_on_one_day_is_left_out_and_counted() -> None:
    """Rule s: client -> peer -> expert on one day becomes client -> expert."""
    flow = flow_of(
        [
            ("a", 0, 5, "client", "peer"),
            ("a", 5, 5, "peer", "expert"),
            ("a", 5, 9, "expert", ""),
        ]
    )
    assert flow.rows == (
        (-1, "", "client", 1),
        (5, "client", "expert", 1),
        (9, "expert", "", 1),
    )
    assert flow.n_collapsed == 1


def test_a_late_entry_that_ends_on_its_own_day_was_never_at_risk() -> None:
    """Counting the departure of someone never at risk would give a hazard above 1."""
    flow = flow_of([("a", 3, 3, "in", "out"), ("b", 3, 8, "in", "out")])
    assert flow.rows == ((3, "", "in", 1), (8, "in", "out", 1))
    assert flow.n_collapsed == 1


def test_there_and_back_on_one_day_is_no_move() -> None:
    """A client who becomes a peer and steps back the same day stayed a client."""
    flow = flow_of(
        [
            ("a", 0, 4, "client", "peer"),
            ("a", 4, 4, "peer", "client"),
            ("a", 4, 7, "client", ""),
        ]
    )
    assert flow.rows == ((-1, "", "client", 1), (7, "client", "", 1))


@pytest.mark.parametrize(
    ("moves", "end"),
    [
        ([("B", "C"), ("B", "D"), ("D", "E")], "E"),  # D leads on, C does not
        ([("B", "D"), ("B", "C")], "C"),  # neither does: the first by name
    ],
)
def test_moves_of_one_day_that_contradict_each_other_have_one_end(
    moves: list[tuple[str, str]], end: str
) -> None:
    """Nobody moves twice out of B without having come back: whatever order they were written in."""
    for order in (moves, moves[::-1]):
        spells = [("a", 0, 4, "A", "B"), *(("a", 4, 4, one, other) for one, other in order)]
        rows = flow_of(spells, ["A"]).rows
        assert rows == ((-1, "", "A", 1), (4, "A", end, 1))


def test_moves_of_one_day_are_followed_to_their_end_in_any_order() -> None:
    """A -> B -> A -> C on one day ends in C, on the origin day as on a later one."""
    later = [
        ("a", 0, 4, "A0", "A"),
        ("a", 4, 4, "A", "C"),
        ("a", 4, 4, "A", "B"),
        ("a", 4, 4, "B", "A"),
        ("a", 4, 9, "C", ""),
    ]
    assert flow_of(later).rows == ((-1, "", "A0", 1), (4, "A0", "C", 1), (9, "C", "", 1))
    origin = [("a", 0, 0, "B", "C"), ("a", 0, 0, "A", "B"), ("a", 0, 6, "C", "")]
    assert flow_of(origin).rows == ((-1, "", "A", 1), (0, "A", "C", 1), (6, "C", "", 1))


def test_a_round_trip_on_the_origin_day_starts_where_its_moves_say() -> None:
    """peer -> client -> peer -> client -> done: at 0- a peer, not the first by name."""
    trip = [("peer", "client"), ("client", "peer"), ("peer", "client"), ("client", "done")]
    flow = flow_of(("a", 0, 0, *move) for move in trip)
    assert flow.rows == ((-1, "", "peer", 1), (0, "peer", "done", 1))


def test_a_round_trip_on_the_origin_day_that_stays_starts_where_it_stays() -> None:
    """peer -> client -> peer, and a peer until day 4: no move at all."""
    trip = [("a", 0, 0, "peer", "client"), ("a", 0, 0, "client", "peer"), ("a", 0, 4, "peer", "")]
    assert flow_of(trip).rows == ((-1, "", "peer", 1), (4, "peer", "", 1))
    closed = flow_of(trip[:2])
    assert closed.rows == ((-1, "", "client", 1), (0, "client", "", 1))
    assert closed.n_collapsed == 1


def test_a_move_into_a_state_without_a_later_spell_is_censored_there() -> None:
    """Else the person would stay at risk in it for ever."""
    flow = flow_of([("a", 0, 3, "c", "p"), ("b", 0, 9, "p", "")])
    assert (3, "p", "", 1) in flow.rows
    assert flow.life_table("p")[-1].after == 0


def test_a_gap_between_two_spells_is_a_censoring_and_a_new_entry() -> None:
    """Who comes back on day 8 was not at risk from day 5 on."""
    flow = flow_of([("a", 0, 5, "in", ""), ("a", 8, 9, "in", "out")])
    assert flow.rows == (
        (-1, "", "in", 1),
        (5, "in", "", 1),
        (8, "", "in", 1),
        (9, "in", "out", 1),
    )


def test_a_move_onto_an_arrival_of_the_same_day_finds_its_spell() -> None:
    """Two concurrent roles of one person that end on one day do not mix."""
    flow = flow_of(
        [
            ("a", 0, 5, "peer", "expert"),
            ("a", 0, 5, "guide", ""),
            ("a", 5, 9, "expert", "left"),
        ]
    )
    assert flow.entered == 2
    assert flow.censored == 1
    assert (5, "peer", "expert", 1) in flow.rows


def test_events_come_before_censorings_and_those_before_entries() -> None:
    """Rule t: on day 2 the censored person is still at risk and the entrant not yet."""
    flow = flow_of([("a", 0, 2, "in", "out"), ("b", 0, 2, "in", ""), ("c", 2, 4, "in", "out")])
    assert flow.life_table()[1] == LifeRow(2, 2, 1, 1)


def test_impossible_spells_and_rows_are_refused() -> None:
    """What cannot have happened is an error with advice, never a number."""
    with pytest.raises(EngineError, match="ends before it begins"):
        flow_of([("a", 5, 3, "in", "out")])
    with pytest.raises(EngineError, match="before the origin"):
        flow_of([("a", -2, 3, "in", "out")])
    with pytest.raises(EngineError, match="more units leave"):
        Flow.of([(3, "in", "out", 1)])
    with pytest.raises(EngineError, match="more units leave"):
        Flow.of([(3, "", "in", 1), (3, "in", "out", 1)])
    with pytest.raises(EngineError, match="more units leave"):
        Flow.of([(-1, "", "in", 1), (3, "in", "", 2)])
    with pytest.raises(EngineError, match="negative"):
        Flow.of([(3, "", "in", -1)])


def test_nobody_and_a_stay_are_no_rows() -> None:
    """Rows of 0 units and moves of a state into itself change nothing."""
    flow = Flow.of([(-1, "", "in", 2), (3, "in", "in", 1), (4, "in", "out", 0), (5, "in", "", 2)])
    assert flow.rows == ((-1, "", "in", 2), (5, "in", "", 2))


def test_an_error_names_no_unit() -> None:
    """A unit is a person: errors name states and columns only."""
    with pytest.raises(EngineError) as caught:
        flow_of([("person-77", 5, 3, "in", "out")])
    assert "77" not in str(caught.value)


def test_a_life_table_of_several_states_needs_one_named() -> None:
    """A curve of one state is not guessed from a flow of two."""
    flow = flow_of([("a", 0, 3, "c", "p"), ("a", 3, 5, "p", "")])
    with pytest.raises(EngineError, match="2 states"):
        flow.life_table()
    assert flow.life_table("nobody was here") == (LifeRow(0, 0, 0, 0),)


def test_a_flow_begins_with_those_who_are_there_from_the_origin() -> None:
    """Two at risk on day 0, on which nothing happens; no spell was left out."""
    flow = Flow.of([(-1, "", "in", 2), (3, "in", "x", 1)])
    assert flow.n_collapsed == 0
    assert flow.exits() == [(0, 2, 0, 0, 2), (3, 2, 1, 1, 1)]
    assert Flow().exits("in") == [(0, 0, 0, 0, 0)]
