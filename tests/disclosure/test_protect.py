"""What is hidden, what is not, and that the audit finds nothing afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osallisuus.disclosure.audit import audit
from osallisuus.disclosure.counts import Count, primary
from osallisuus.disclosure.protect import protect
from osallisuus.errors import DefinitionError, DisclosureError
from tests.disclosure.tables import linked_tables, skewed_cells, table

SHARE = [
    Count("completed", {0}, 19),
    Count("not completed", {1}, 1),
    Count("all", {0, 1}, 20),
]


def test_primary_counts_are_those_below_the_threshold() -> None:
    """1 .. threshold - 1 always, 0 unless zeros are structural, the threshold itself never."""
    counts = [Count(value, {value}, value) for value in range(7)]
    assert primary(counts, 5) == {0, 1, 2, 3, 4}
    assert primary(counts, 5, zeros="structural") == {1, 2, 3, 4}


def test_a_mark_on_the_count_goes_before_its_size() -> None:
    """Dominated sums are primary whatever their size; numbers of places never are."""
    counts = [
        Count("dominated", {0}, 90, sensitive=True),
        Count("places", {1}, 2, sensitive=False),
        Count("out already", {2}, 2, released=True),
    ]
    assert primary(counts, 5) == {"dominated"}


def test_nothing_is_hidden_when_no_count_is_small() -> None:
    """The usual report leaves as it is."""
    found = protect(table((2, 5), [9] * 10), threshold=5)
    assert found.hidden == frozenset()
    assert found.safe
    assert not found.withheld


def test_a_small_complement_hides_the_share_or_its_total() -> None:
    """19 of 20 gives one person away: the one is hidden, and a second number with it."""
    found = protect(SHARE, threshold=5)
    assert found.primary == {"not completed"}
    assert len(found.hidden) == 2
    assert found.bounds["not completed"] == (0, None if "all" in found.hidden else 20)


def test_figures_of_one_fate_are_hidden_together_and_the_rest_stays() -> None:
    """A share's count, complement and interval vanish together; its n may stay."""
    found = protect(SHARE, threshold=5, together=[{"completed", "not completed"}])
    assert found.hidden == {"completed", "not completed"}
    assert found.secondary == {"completed"}


def test_fates_join_through_a_common_key() -> None:
    """If a goes with b, and b with c, then a goes with c, also across tables."""
    counts = [
        Count("a", {0}, 2),
        Count("b", {1}, 50),
        Count("c", {2}, 60),
        Count("d", {3}, 70),
    ]
    found = protect(counts, threshold=5, together=[("a", "b"), ("c", "b")])
    assert found.hidden == {"a", "b", "c"}


def test_a_fate_that_names_no_count_is_refused() -> None:
    """A misspelt key would leave a number of the share on the page."""
    with pytest.raises(DefinitionError, match="together"):
        protect(SHARE, threshold=5, together=[{"completed", "n - k"}])


def test_the_same_number_twice_is_hidden_twice() -> None:
    """Two figures over the same persons share their fate without being told."""
    again = Count("not completed, in the text", {1}, 1)
    found = protect([*SHARE, again], threshold=5)
    assert {"not completed", "not completed, in the text"} <= found.hidden


def test_interior_counts_are_hidden_before_totals_and_small_before_large() -> None:
    """The reader loses as little as possible."""
    cells = [3, 30, 40, 20, 50, 60]
    found = protect(table((2, 3), cells), threshold=5)
    assert found.secondary == {(0, 1), (1, 0), (1, 1)}


def test_the_caller_may_say_what_is_dear() -> None:
    """With the opposite cost, the dearest pattern becomes the cheapest."""
    cells = [3, 30, 40, 20, 50, 60]
    found = protect(table((2, 3), cells), threshold=5, cost=lambda count: -count.value)
    assert found.secondary == {(0, 2), (1, 0), (1, 2)}


def test_a_structural_zero_is_never_used_to_hide_another_count() -> None:
    """Hiding what everybody knows protects nobody, so another count is hidden instead."""
    found = protect(table((2, 3), [3, 0, 40, 20, 50, 60]), threshold=5, zeros="structural")
    assert found.safe
    assert (0, 1) not in found.hidden


def test_an_earlier_release_is_never_hidden_but_audited() -> None:
    """With the total out already, the other part must go."""
    counts = [
        Count("a", {0}, 3),
        Count("b", {1}, 40),
        Count("total", {0, 1}, 43, released=True),
    ]
    found = protect(counts, threshold=5)
    assert found.hidden == {"a", "b"}
    assert found.safe


def test_what_an_earlier_release_gives_away_is_withheld_and_called_unsafe() -> None:
    """Nothing that is hidden now can undo what is out."""
    counts = [
        Count("a", {0}, 3),
        Count("b", {1}, 40, released=True),
        Count("total", {0, 1}, 43, released=True),
        Count("other", {0, 2}, 50),
    ]
    found = protect(counts, threshold=5)
    assert not found.safe
    assert found.withheld
    assert found.hidden == {"a", "other"}


def test_counts_that_share_nothing_do_not_cost_each_other() -> None:
    """A small count in one table hides nothing of another one with other persons."""
    other = [Count(("other", count.key), count.members, count.value) for count in ()]
    apart = [
        Count(("apart", count.key), {atom + 100 for atom in count.members}, count.value)
        for count in table((2, 2), [10, 20, 30, 40])
    ]
    alone = protect(SHARE, threshold=5)
    assert protect([*SHARE, *other, *apart], threshold=5) == alone


def test_beyond_its_limit_everything_that_hangs_together_is_withheld() -> None:
    """Doubt hides: no half-audited table leaves, and what is withheld is listed."""
    counts = table((3, 6), skewed_cells(Random(3), (3, 6), 200))
    found = protect([*counts, Count("apart", {99}, 50)], threshold=5, limit=600)
    assert found.withheld
    assert found.safe
    assert found.hidden == {count.key for count in counts}
    assert set(found.bounds.values()) == {(0, None)}


def test_what_there_is_no_work_left_to_give_back_stays_hidden() -> None:
    """Between too little for any pattern and enough for the best one: more is hidden, and safe."""
    counts = table((3, 6), skewed_cells(Random(0), (3, 6), 200))
    best = protect(counts, threshold=5)
    found = [protect(counts, threshold=5, limit=limit) for limit in range(4_000, 6_000, 200)]
    assert found[0].withheld
    assert found[-1] == best
    untidy = [one for one in found if not one.withheld and len(one.hidden) > len(best.hidden)]
    assert untidy
    assert all(one.safe for one in untidy)


def test_beyond_its_limit_a_structural_zero_is_still_known_to_be_one() -> None:
    """The certificate says 0 for it, and for a count of others that it can be anything."""
    cells = [0, *skewed_cells(Random(3), (3, 6), 200)[1:]]
    found = protect(table((3, 6), cells), threshold=5, limit=600, zeros="structural")
    assert found.withheld
    assert found.safe
    known = {key for key, bounds in found.bounds.items() if bounds == (0, 0)}
    assert known == {count.key for count in table((3, 6), cells) if count.value == 0}
    assert set(found.bounds.values()) == {(0, 0), (0, None)}


def test_what_is_out_as_an_interval_is_never_called_hidden() -> None:
    """An earlier total shown as 40..44 cannot be hidden now, whatever it leaves open."""
    counts = [
        Count("a", {0}, 3),
        Count("b", {1}, 39),
        Count("total", {0, 1}, 42, released=True, shown_as=(40, 44)),
    ]
    found = protect(counts, threshold=8)
    assert found.hidden == {"a", "b"}
    assert found.safe
    assert not found.withheld


def test_beyond_its_limit_an_earlier_release_makes_it_unsafe() -> None:
    """Where the audit cannot be run and something is known, nothing is called safe."""
    cells = skewed_cells(Random(3), (3, 6), 200)
    counts = table((3, 6), cells)
    total = Count("last year", set(range(18)), sum(cells), released=True)
    found = protect([*counts, total], threshold=5, limit=600)
    assert found.withheld
    assert not found.safe


def test_counts_that_contradict_each_other_are_refused() -> None:
    """No protection is computed from atoms that cannot be true."""
    with pytest.raises(DisclosureError, match="contradict"):
        protect([Count("part", {0}, 8), Count("none", {0, 1}, 2)], threshold=5)


@pytest.mark.parametrize("seed", range(12))
def test_no_secondary_count_of_a_plain_table_could_be_shown(seed: int) -> None:
    """After the clean-up, giving back any one of them makes a hidden count unsafe."""
    counts = table((3, 5), skewed_cells(Random(seed), (3, 5), 150))
    found = protect(counts, threshold=5, zeros="structural")
    assert found.primary
    for key in found.secondary:
        assert not audit(counts, found.hidden - {key}, threshold=5, zeros="structural").safe


TABLES = st.sampled_from([(2, 2), (2, 5), (3, 4), (2, 2, 2)]).flatmap(
    lambda dims: st.builds(
        table,
        st.just(dims),
        st.lists(st.integers(0, 12), min_size=24, max_size=24),
    )
)
LINKED = st.builds(linked_tables, st.builds(Random, st.integers(0, 10**6)), st.integers(5, 120))


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(TABLES, LINKED),
    st.integers(3, 8),
    st.sampled_from(["structural", "unsafe"]),
    st.randoms(use_true_random=False),
)
def test_protection_is_safe_and_does_not_depend_on_the_order(
    counts: list[Count], threshold: int, zeros: str, random: Random
) -> None:
    """For any table: a fresh audit finds nothing, and shuffled counts give the same answer."""
    found = protect(counts, threshold=threshold, zeros=zeros)
    assert found.safe
    assert found.primary | found.secondary == found.hidden
    assert audit(counts, found.hidden, threshold=threshold, zeros=zeros).safe
    shuffled = counts[:]
    random.shuffle(shuffled)
    again = protect(shuffled, threshold=threshold, zeros=zeros)
    assert again == found


@pytest.mark.parametrize("seed", range(6))
def test_knowing_the_atoms_saves_time_and_protects_as_well(seed: int) -> None:
    """The true numbers of the atoms are only a place to start from."""
    cells = skewed_cells(Random(seed), (3, 4), 90)
    counts = table((3, 4), cells)
    numbers = dict(enumerate(cells))
    found = protect(counts, threshold=5, numbers=numbers)
    assert found.safe
    assert found.primary == protect(counts, threshold=5).primary
    hidden = found.hidden
    assert audit(counts, hidden, threshold=5, numbers=numbers) == audit(counts, hidden, threshold=5)


def test_numbers_that_do_not_sum_to_a_count_are_refused() -> None:
    """A count that is not the sum of its atoms cannot be audited."""
    with pytest.raises(DisclosureError, match="sum of its atoms"):
        protect(SHARE, threshold=5, numbers={0: 19, 1: 2})


def test_beyond_its_limit_what_two_known_parts_make_up_is_unsafe() -> None:
    """Everybody knows that nobody is in one part, and the other one is out already."""
    counts = [
        Count("none", {0}, 0),
        Count("then", {1}, 3, released=True),
        Count("both", {0, 1}, 3),
    ]
    for limit in (1, 10_000):
        found = protect(counts, threshold=5, zeros="structural", limit=limit)
        assert found.withheld
        assert not found.safe


def test_beyond_its_limit_only_secrets_need_to_be_safe() -> None:
    """What is hidden beside them may be known: it tells nothing of them here."""
    counts = [
        Count("few", {0}, 3),
        Count("many", {1}, 50),
        Count("many, then", {1}, 50, released=True),
        Count("either", {0, 1, 2}, 60),
    ]
    found = protect(counts, threshold=5, limit=1)
    assert found.withheld
    assert found.safe
    assert found.hidden == {"few", "many", "either"}


def _lost(tables: Iterable[list[Count]], threshold: int) -> tuple[int, int]:
    """How many counts of tables are hidden, and what they add up to."""
    number = value = 0
    for counts in tables:
        hidden = protect(counts, threshold=threshold).hidden
        number += len(hidden)
        value += sum(count.value for count in counts if count.key in hidden)
    return number, value


def test_a_reader_of_small_tables_loses_no_more_than_now() -> None:
    """The search is a guess at a good pattern; a worse guess than now would be noticed."""
    small = []
    for seed in range(5):
        random = Random(seed)
        small += [
            linked_tables(random, 70),
            table((3, 5), skewed_cells(random, (3, 5), 120)),
            table((2, 2, 3), skewed_cells(random, (2, 2, 3), 90)),
        ]
    number, value = _lost(small, threshold=4)
    assert number <= 154
    assert value <= 1196


def test_nobody_is_as_telling_as_a_few_unless_it_is_said_otherwise() -> None:
    """The careful treatment of zeros is the default."""
    counts = [Count("none", {0}, 0), Count("many", {1}, 50)]
    assert protect(counts, threshold=5).hidden == {"none"}
    assert protect(counts, threshold=5, zeros="structural").hidden == frozenset()
