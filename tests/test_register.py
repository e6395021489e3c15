"""The register: facts in, figures out, the same over every store that comes with the library."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

import osallisuus as osa

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
PLACES = ("memory", "url", "path", "folder")
WITH_HISTORY = ("memory", "url", "path")


def ticking():
    """A clock that is an hour later each time it is asked."""
    hours = count()
    return lambda: BEGINNING + timedelta(hours=next(hours))


@pytest.fixture
def opened(tmp_path):
    """Opens a register by each kind of address; all are closed in the end."""
    addresses = {
        "memory": "memory:",
        "url": f"sqlite:///{tmp_path}/url.db",
        "path": str(tmp_path / "path.db"),
        "folder": str(tmp_path / "facts"),
    }
    registers = []

    def opened(place, **options):
        register = osa.open(
            addresses.get(place, place),
            actor="tester",
            purpose="a test",
            clock=ticking(),
            **({"create": True} if place == "folder" else {}) | options,
        )
        registers.append(register)
        return register

    yield opened
    for register in registers:
        register.close()


@pytest.fixture(params=PLACES)
def register(request, opened):
    """A new and empty register, one over each store."""
    return opened(request.param)


def person(number):
    return osa.Person(id=f"p-{number}", registered_on=date(2018, 1, 1))


def group(number, place, year):
    return osa.Group(
        id=f"g-{number}", program="wertzu", program_version="1", kind="training", place=place,
        starts_on=date(year, 1, 1),
    )  # fmt: skip


def enrollment(number, started_on, ended_on=None, ending=None, *, group=None, program="wertzu"):
    return osa.Enrollment(
        id=f"e-{number}", person=f"p-{number}", program=program, program_version="1", group=group,
        informed_on=started_on, started_on=started_on, ended_on=ended_on, ending=ending,
    )  # fmt: skip


# Lahti 2018: one completed, one left. Tampere 2019: one completed, one on the way. Verna 2018: one
# completed.
FACTS = [
    *map(person, range(1, 6)),
    group(1, "Lahti", 2018),
    group(2, "Tampere", 2019),
    enrollment(1, date(2018, 1, 10), date(2018, 3, 1), "completed", group="g-1"),
    enrollment(2, date(2018, 1, 10), date(2018, 2, 1), "left", group="g-1"),
    enrollment(3, date(2019, 2, 1), date(2019, 4, 1), "completed", group="g-2"),
    enrollment(4, date(2019, 2, 1), group="g-2"),
    enrollment(5, date(2018, 5, 1), date(2018, 6, 1), "completed", program="verna"),
]
LEFT = enrollment(1, date(2018, 1, 10), date(2018, 3, 1), "left", group="g-1")


def completed(result):
    """(k, n) of every figure of completion, by stratum and period."""
    return {
        (*figure.strata.values(), *([] if figure.period is None else [str(figure.period)])): (
            figure.k,
            figure.n,
        )
        for figure in result
    }


def numbers(receipt):
    return receipt.added, receipt.revised, receipt.unchanged


# Facts ----------------------------------------------------------------------------------------


def test_what_is_added_is_there(register):
    """Facts come back equal, in the order of their ids, whatever order they were added in."""
    assert numbers(register.add(reversed(FACTS))) == (12, 0, 0)

    assert list(register.facts(osa.Person)) == [person(number) for number in range(1, 6)]
    assert list(register.facts(osa.Enrollment)) == FACTS[7:]
    assert list(register.facts(osa.Session)) == []


@pytest.mark.parametrize(
    ("kind", "instead"),
    [("people", "Person"), ("enrollments", "Enrollment"), ("pepole", "Person"), (dict, "Person")],
)
def test_facts_are_asked_for_by_their_class(register, kind, instead):
    """The name of a table is refused at once, with the class to write instead."""
    with pytest.raises(osa.DefinitionError) as refused:
        register.facts(kind)
    assert str(refused.value) == (
        "facts are asked for by their class @ register.facts"
        f" (such as register.facts(osa.{instead}))"
    )


def test_the_same_fact_again_changes_nothing(register):
    """Equal content under a known id is unchanged; other content is a revision."""
    register.add(FACTS)

    assert numbers(register.add(FACTS)) == (0, 0, 12)
    assert numbers(register.add([LEFT, *FACTS[8:], person(6)])) == (1, 1, 4)
    assert next(register.facts(osa.Enrollment)) == LEFT


def test_a_key_is_used_once(opened):
    """The same key a second time is a no-op, also with other facts."""
    register = opened("path")
    register.add([person(1)], key="monday")

    assert numbers(register.add([person(1), person(2)], key="monday")) == (0, 0, 2)
    assert list(register.facts(osa.Person)) == [person(1)]


@pytest.mark.parametrize("place", ["url", "path", "folder"])
def test_facts_are_there_after_closing(opened, place):
    """Another register at the same place holds what the first was given."""
    with opened(place) as first:
        first.add(FACTS)

    assert list(opened(place, create=False).facts(osa.Enrollment)) == FACTS[7:]


def test_a_url_and_a_path_are_the_same_file(opened, tmp_path):
    """``sqlite:///x.db`` is the store that the path ``x.db`` names."""
    with opened("url") as register:
        register.add(FACTS)

    assert len(list(opened(str(tmp_path / "url.db")).facts(osa.Person))) == 5


def test_a_relative_url_is_below_the_current_folder(opened, tmp_path, monkeypatch):
    """``sqlite:///x.db`` and ``sqlite:x.db`` name a file in this folder."""
    monkeypatch.chdir(tmp_path)
    with opened("sqlite:///here.db") as register:
        register.add([person(1)])

    assert (tmp_path / "here.db").exists()
    assert list(opened("sqlite:here.db", create=False).facts(osa.Person)) == [person(1)]


def test_a_fact_that_breaks_a_rule_is_taken_in_and_found(register):
    """An end before the start is a finding of the receipt and of check, not an error."""
    facts = [person(1), enrollment(1, date(2018, 2, 1), date(2018, 1, 1), "left")]
    receipt = register.add(facts)

    assert numbers(receipt) == (2, 0, 0)
    assert "enrollments[0]" in receipt.findings[0].where
    assert "enrollments[e-1]" in register.check()[0].where


def test_consistent_facts_have_no_findings(register):
    """Neither the receipt nor check says anything where nothing is odd."""
    assert register.add(FACTS).findings == ()
    assert register.check() == []


def test_references_to_nothing_are_told_all_at_once(register):
    """Every reference that no table defines is a problem, and then nothing is stored."""
    with pytest.raises(osa.ImportProblem) as caught:
        register.add([person(9), *FACTS[7:]])

    places = {problem.where for problem in caught.value.problems}
    assert {"enrollments[0].person", "enrollments[0].group", "enrollments[4].person"} <= places
    assert len(places) == 9
    assert list(register.facts(osa.Person)) == []


def test_one_id_twice_is_refused(register):
    """Two facts of one table and id in one call: which would hold? Nothing is stored."""
    with pytest.raises(osa.ImportProblem, match="twice"):
        register.add([person(1), person(1)])

    assert list(register.facts(osa.Person)) == []


def test_only_facts_are_facts(register):
    """Anything else is refused by its type, without its content."""
    with pytest.raises(osa.ImportProblem, match="not a fact: str") as caught:
        register.add(["Maija Meikäläinen"])

    assert "Maija" not in str(caught.value)


def test_the_journal_says_who_when_and_why(opened):
    """One entry for each change, oldest first, without a person in it."""
    register = opened("path")
    register.add([person(1)], reason="intake")
    register.add([person(1)], reason="again")
    register.add([person(2)], reason="later")
    entries = list(register.journal())

    assert [(entry.actor, entry.reason, entry.added) for entry in entries] == [
        ("tester", "intake", 1),
        ("tester", "later", 1),
    ]
    assert entries[0].recorded_at == BEGINNING
    assert "p-1" not in repr(entries)


def test_repr_shows_no_facts(register):
    """What a log or a notebook shows of a register holds nothing of a person."""
    register.add(FACTS)

    assert "p-1" not in repr(register)
    assert "tester" in repr(register)


# As known earlier -----------------------------------------------------------------------------


@pytest.mark.parametrize("place", WITH_HISTORY)
def test_what_was_known_stays_known(opened, place):
    """A register of an earlier moment has the facts and the figures of that moment."""
    register = opened(place)
    register.add(FACTS)
    register.add([LEFT, person(6)])
    before = register.known_at(BEGINNING + timedelta(minutes=30))
    nothing = register.known_at(BEGINNING - timedelta(seconds=1))

    assert next(before.facts(osa.Enrollment)) == FACTS[7]
    assert len(list(before.facts(osa.Person))) == 5
    assert list(nothing.facts(osa.Person)) == []
    assert completed(before.measure("completion")) == {(): (3, 5)}
    assert completed(register.measure("completion")) == {(): (2, 5)}
    assert nothing.measure("completion").figure().reason == "no_cases"


@pytest.mark.parametrize("place", WITH_HISTORY)
def test_a_figure_says_when_it_was_known(opened, place):
    """Provenance holds the moment that was asked for, or nothing for now."""
    register = opened(place)
    register.add(FACTS)
    moment = BEGINNING + timedelta(days=1)

    assert register.known_at(moment).measure("completion").provenance.known_at == moment
    assert register.measure("completion").provenance.known_at is None


@pytest.mark.parametrize("place", WITH_HISTORY)
def test_what_was_known_cannot_be_added_to(opened, place):
    """A register as known earlier is read-only, and refusing changes nothing."""
    register = opened(place)
    register.add(FACTS)

    with pytest.raises(osa.StoreError, match="read-only"):
        register.known_at(BEGINNING).add([person(6)])
    assert len(list(register.facts(osa.Person))) == 5


def test_a_moment_needs_its_zone(opened):
    """A naive datetime is refused, since nobody knows which moment it is."""
    with pytest.raises(osa.StoreError, match="zone"):
        opened("memory").known_at(datetime(2020, 1, 1))  # noqa: DTZ001 - that is the point


def test_a_folder_keeps_no_history(opened):
    """A store without earlier revisions says so, and what would help."""
    register = opened("folder")
    register.add(FACTS)

    with pytest.raises(osa.StoreError, match=r"no earlier revisions.*\.db"):
        register.known_at(BEGINNING)


# Figures --------------------------------------------------------------------------------------


def test_a_metric_is_measured(register):
    """Three of five have completed, of one it is not known yet (a fifth is censored)."""
    register.add(FACTS)
    figure = register.measure("completion").figure("completed")

    assert (figure.k, figure.n, figure.censored) == (3, 5, 0.2)
    assert figure.value == pytest.approx(0.6)


def test_by_splits_by_a_stratum(register):
    """Each place has its figure, and who is in no group has one of their own."""
    register.add(FACTS)

    assert completed(register.measure("completion", by=["group.place"])) == {
        ("Lahti",): (1, 2),
        ("Tampere",): (1, 2),
        (None,): (1, 1),
    }


def test_one_stratum_may_be_given_as_a_word(register):
    """A word is one stratum, in a measurement and in a report, not the list of its letters."""
    register.add(FACTS)
    listed = register.measure("completion", by=["group.place"])

    assert completed(register.measure("completion", by="group.place")) == completed(listed)
    assert register.report(program="wertzu", by="group.place").by == ("group.place",)


def test_periods_split_by_time(register):
    """Calendar years by name, or one period of one's own, its last day not included."""
    register.add(FACTS)
    yearly = completed(register.measure("completion", periods="yearly"))
    own = completed(register.measure("completion", periods="2018-01-10..2018-05-01"))
    given = completed(
        register.measure(
            "completion", periods=[osa.Period(date(2018, 1, 10), date(2018, 5, 1))]
        )
    )  # fmt: skip

    assert yearly == {("2018-01-01..2019-01-01",): (2, 3), ("2019-01-01..2020-01-01",): (1, 2)}
    assert own == {("2018-01-10..2018-05-01",): (1, 2)} == given


def test_strata_and_periods_go_together(register):
    """Both at once split both ways."""
    register.add(FACTS)
    result = register.measure(
        "completion", by=["group.place"], periods="2018-01-01..2019-01-01", program="wertzu"
    )

    assert completed(result) == {("Lahti", "2018-01-01..2019-01-01"): (1, 2)}


def test_as_of_hides_what_came_later(register):
    """In the middle of February 2018 one has left, and of the other nothing is known yet."""
    register.add(FACTS)
    figure = register.measure("completion", as_of=date(2018, 2, 15)).figure("completed")

    assert (figure.k, figure.n, figure.censored) == (0, 2, 0.5)


@pytest.mark.parametrize(("program", "expected"), [("wertzu", (2, 4)), ("verna", (1, 1))])
def test_program_leaves_out_the_others(register, program, expected):
    """Only facts of the programme count; where none has it, there are no cases."""
    register.add(FACTS)

    assert completed(register.measure("completion", program=program)) == {(): expected}
    none = register.measure("completion", program="yhteiso").figure()
    assert none.reason == "no_cases"


def test_a_programme_that_only_the_facts_know_can_be_asked_for(opened):
    """A programme needs no definition to be measured."""
    register = opened("memory")
    register.add([person(1), enrollment(1, date(2018, 1, 1), program="our_own")])

    assert register.measure("completion", program="our_own").figure().n == 1


def test_an_empty_register_has_no_cases(register):
    """Nothing recorded is undefined, never nought per cent."""
    figure = register.measure("completion").figure()

    assert (figure.status, figure.reason, figure.value) == ("undefined", "no_cases", None)


def test_every_store_gives_the_same_digits(opened):
    """All results agree to the last digit over memory, SQLite and a folder."""
    results = []
    for place in PLACES:
        register = opened(place)
        register.add(FACTS)
        results.append(
            [
                register.measure(metric, by=["group.place"], periods="yearly").to_dict()
                for metric in ("completion", "retention", "people_and_episodes", "leaving")
            ]
        )

    assert [result == results[0] for result in results] == [True] * len(PLACES)


def test_a_release_hides_and_a_measurement_does_not(opened):
    """The exact figures are internal; the gate hides one or two of so few."""
    register = opened("memory")
    register.add(FACTS)

    assert register.measure("completion").internal
    released = register.release("completion")
    (result,) = released.results
    assert not result.internal
    assert {figure.status for figure in result} == {"suppressed"}
    with pytest.raises(osa.UndefinedFigure):
        float(result.figure())


@given(endings=st.lists(st.sampled_from(["completed", "left", "died"]), min_size=1, max_size=30))
def test_completion_counts_what_was_decided(endings):
    """When nobody is on the way, the share is that of the recorded decisions."""
    with osa.open("memory:") as register:
        register.add(
            fact
            for number, ending in enumerate(endings)
            for fact in (
                person(number),
                enrollment(number, date(2018, 1, 1), date(2018, 2, 1 + number % 28), ending),
            )
        )
        figure = register.measure("completion").figure("completed")

    assert (figure.k, figure.n) == (endings.count("completed"), len(endings))
    assert figure.value == pytest.approx(endings.count("completed") / len(endings))


# Errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"metric": "compleation"}, "did you mean 'completion'"),
        ({"by": ["group.plaec"]}, "did you mean 'group.place'"),
        ({"by": ["person."]}, "cannot be asked by this stratum"),
        ({"by": "group.plaec"}, "did you mean 'group.place'"),
        ({"as_of": "2017-01-01"}, "as_of is not a day"),
        ({"as_of": BEGINNING}, "as_of is not a day"),
        ({"periods": "yerly"}, "did you mean 'yearly'"),
        ({"periods": "2018..2019"}, "not a period"),
        ({"periods": "2019-01-01..2018-01-01"}, "ends before it starts"),
        ({"confidence": 95}, "not a confidence level"),
        ({"program": "wertz"}, "did you mean 'wertzu'"),
    ],
)
def test_a_wrong_setting_is_told_with_what_would_work(opened, settings, told):
    """Each is a DefinitionError with place and remedy, from measure and from release alike."""
    register = opened("memory")
    register.add(FACTS)
    for ask in (register.measure, register.release):
        with pytest.raises(osa.DefinitionError, match=told) as caught:
            ask(**{"metric": "completion"} | settings)
        assert all(problem.where and problem.remedy for problem in caught.value.problems)
        assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("place", "error", "told"),
    [
        ("none.db", osa.StoreError, "there is no store"),
        ("sqlite:///none.db", osa.StoreError, "there is no store"),
        ("none", osa.StoreError, "there is no such folder"),
        ("sqlit:///none.db", osa.PluginError, "did you mean 'sqlite'"),
        ("postgresql//me:geheim@h/x", osa.StoreError, "not the address of a store"),
        ("//me:geheim@h/x.db", osa.StoreError, "not the address of a store"),
        ("none/none.db", osa.StoreError, "there is no store"),
    ],
)
def test_a_place_without_a_store_is_told(opened, tmp_path, monkeypatch, place, error, told):
    """With ``create=False`` nothing is made, and the error names the place."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=told) as caught:
        opened(place, create=False)

    assert caught.value.problems[0].where
    assert "geheim" not in repr(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_closed_register_says_so(opened):
    """After closing, a store in a file gives one of our errors, and closing again does nothing."""
    register = opened("path")
    register.add(FACTS)
    register.close()
    register.close()

    with pytest.raises(osa.StoreError, match="closed"):
        list(register.facts(osa.Person))
    with pytest.raises(osa.StoreError, match="closed"):
        register.add([person(6)])


def test_an_unknown_report_or_programme_is_told(opened):
    """Both are told by name when the report is asked for, not when it is released."""
    register = opened("memory")

    with pytest.raises(osa.DefinitionError, match="did you mean 'evaluation'"):
        register.report("evaluaton", program="wertzu")
    with pytest.raises(osa.PluginError, match="did you mean 'wertzu'"):
        register.report(program="wertz")


def test_a_report_on_a_programme_without_facts_is_told(opened):
    """It would look like one on nobody; the programmes that there are facts of are named."""
    register = opened("memory")
    with pytest.raises(osa.DefinitionError, match=r"program=wertzu \(add or import"):
        register.report(program="wertzu")
    register.add(FACTS)

    assert register.report(program="wertzu").program.name == "wertzu"
    with pytest.raises(osa.DefinitionError, match=r"program=yhteiso \(it has: verna, wertzu\)"):
        register.report(program="yhteiso")


def test_a_report_as_of_a_text_is_told_when_it_is_asked_for(opened):
    """A day is a date, not a text."""
    register = opened("memory")
    register.add(FACTS)
    with pytest.raises(osa.DefinitionError, match="as_of is not a day"):
        register.report(program="wertzu", as_of="2018-01-01")


def test_an_unknown_programme_is_found_when_added_and_when_checked(opened):
    """It may be an organisation's own, so it is taken in; a receipt and a check tell of it."""
    register = opened("memory")
    receipt = register.add([person(1), enrollment(1, date(2018, 1, 1), program="wertsu")])

    assert receipt.added == 2
    for findings in (receipt.findings, register.check()):
        assert [finding.code for finding in findings] == ["unknown_program"]
        assert "did you mean 'wertzu'" in findings[0].remedy


def test_a_folder_that_is_not_there_is_made_only_on_purpose(tmp_path):
    """A misspelt path is told, not opened as a store of nothing; a new .db file is made."""
    missing = tmp_path / "no" / "such"
    with pytest.raises(osa.StoreError, match=r"there is no such folder.*create=True"):
        osa.open(str(missing))
    with osa.open(str(missing), create=True) as register:
        assert not missing.exists()
        register.add([person(1)])
    with osa.open(str(missing)) as register:
        assert list(register.facts(osa.Person)) == [person(1)]
    with osa.open(str(tmp_path / "new.db")) as register:
        assert list(register.facts(osa.Person)) == []


def test_the_cadence_held_is_measured_by_what_the_programme_promises():
    """Verna promises one or two sessions a week; without a programme the promise is one."""
    with osa.open("examples/verna", actor="tester", purpose="a test") as register:
        promised = register.measure("cadence_held", program="verna")
        assert promised.provenance.policies["promise"] == "programme"
        assert register.measure("cadence_held").provenance.policies["promise"] != "programme"
