"""A person's own copy: all that is recorded of them, and nothing of anybody else."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.errors import DefinitionError
from osallisuus.model.columns import FreeText
from osallisuus.model.facts import TABLES
from osallisuus.model.stated import LOCALES, each
from osallisuus.programs import WERTZU
from osallisuus.rules.copy_told import called, tell_copy
from osallisuus.rules.copying import ANOTHER, make_copy, uses_of
from osallisuus.rules.owning import about
from osallisuus.rules.tables import tables
from osallisuus.words import Words
from tests.model import made

PEOPLE = [made.one("people", id=name, registered_on=date(2018, 1, 2)) for name in ("p-me", "p-xyz")]
EPISODE = made.one(
    "enrollments", id="e1", person="p-me", program="kokemusohjaus", program_version="1",
    started_on=date(2018, 1, 8), decided_by="p-xyz",
)  # fmt: skip
GUIDED = made.one(
    "guidance", id="c1", person="p-me", guide="p-xyz", program="kokemusohjaus",
    started_on=date(2018, 2, 1), planned_end_on=date(2018, 12, 1),
)  # fmt: skip
TALK = made.one("reviews", id="w1", guidance="c1", point="start", happened_on=date(2018, 2, 5))
NOTE = made.one("answers", id="a1", form="w1", item="diary", note="what the guide thought")
INTERVIEW = made.one("interviews", id="i1", person="p-me", program="verna", decided_by="p-me")
OWN_WORDS = made.one("answers", id="a2", form="i1", item="hopes", note="A <b>calm</b> life\n# now")
APART = made.one("keep_apart", id="k1", one="p-me", other="p-xyz")
GUIDING = made.one(
    "guidance", id="c2", person="p-xyz", guide="p-me", program="kokemusohjaus",
    started_on=date(2018, 3, 1), planned_end_on=date(2018, 11, 7), ending="ended_by_user",
)  # fmt: skip
HER_TALK = made.one("reviews", id="w2", guidance="c2", happened_on=date(2018, 3, 2))
HER_NOTE = made.one("answers", id="a3", form="w2", item="diary", note="of somebody else")
ALL = [
    *PEOPLE, EPISODE, GUIDED, TALK, NOTE, INTERVIEW, OWN_WORDS, APART, GUIDING, HER_TALK, HER_NOTE,
]  # fmt: skip


def clock():
    """One minute between any two moments."""
    moments = (datetime(2018, 6, 1, 9, tzinfo=UTC) + timedelta(minutes=n) for n in range(99))
    return lambda: next(moments)


@pytest.fixture
def register():
    with osa.open("memory:", actor="coordinator", purpose="daily work", clock=clock()) as opened:
        opened.add(ALL, reason="first entry")
        yield opened


def copied(facts, person="p-me", *, restricted=True):
    rows = tables(facts)
    return make_copy(rows, person, revisions={}, restricted=lambda program: restricted)


def test_records_are_called_by_what_they_are_about_and_stand_by_their_days(register):
    days = {"k1": date(2018, 3, 5), "k2": date(2018, 2, 20), "k3": date(2018, 2, 3)}
    register.add(
        made.one("contacts", id=name, person="p-me", enrollment="e1", mode="phone", happened_on=day)
        for name, day in days.items()
    )
    text = register.own_copy("p-me")
    heads = [line for line in text.splitlines() if line.startswith("### Telephone")]
    assert heads == [
        "### Telephone, 3 February 2018", "### Telephone, 20 February 2018", "### Telephone, 5 March 2018",
    ]  # fmt: skip
    title = osa.program("kokemusohjaus").title.label("en")
    assert f"- taking part: {title}, 8 January 2018" in text
    ids = {fact.id for fact in register.facts(osa.Contact)} | {"e1", "c1", "w1", "i1"}
    assert ids.isdisjoint(line.removeprefix("### ") for line in text.splitlines())


def test_an_answer_stands_on_the_day_of_what_it_belongs_to():
    later = made.one("reviews", id="w0", guidance="c1", happened_on=date(2018, 5, 1))
    answers = [
        made.one("answers", id=name, form=form, item="mood", code="calm")
        for name, form in (("a7", "w0"), ("a8", "w1"))
    ]
    text = tell_copy(copied([*ALL, later, *answers]))
    assert text.index("Mood, 5 February 2018") < text.index("Mood, 1 May 2018")


def test_a_group_is_called_by_its_place_and_its_first_day():
    group = made.one(
        "groups", id="g1", program="verna", place="Helsinki", starts_on=date(2018, 1, 8)
    )
    inside = made.one("memberships", id="m1", person="p-me", group="g1", starts_on=date(2018, 2, 1))
    text = tell_copy(copied([*ALL, group, inside]))
    assert "group: Helsinki, from 8 January 2018" in text


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_neither_a_person_nor_a_role_is_not_named_as_who_recorded(locale):
    with osa.open("memory:", actor="command line", clock=clock()) as opened:
        opened.add(ALL)
        opened.add([evolve(EPISODE, started_on=date(2018, 1, 9))])
        text = opened.own_copy("p-me", locale=locale)
    words = Words(locale)
    for name in ("recorded", "corrected"):
        assert words(f"copy.{name}_by_nobody", moment="X").partition("X")[0] in text
    assert "command line" not in text


def test_everything_about_somebody_is_in_their_copy():
    """What names them, and what belongs to something that does."""
    found = {(one.table, one.id) for one in copied(ALL).records}

    assert found == {
        ("people", "p-me"), ("enrollments", "e1"), ("guidance", "c1"), ("reviews", "w1"),
        ("answers", "a1"), ("interviews", "i1"), ("answers", "a2"), ("guidance", "c2"),
    }  # fmt: skip


def test_others_show_as_a_role_only(register):
    """Their ids, and what is theirs in a shared fact, are not in it."""
    text = register.own_copy("p-me")

    assert "p-xyz" not in text
    assert "guide: another person (guide)" in text
    assert "person: another person (service user)" in text
    assert "planned end: belongs to another person" in text
    assert "7 November 2018" not in text
    assert "of somebody else" not in text


def test_who_guides_sees_a_case_without_what_is_the_other_persons():
    (guiding,) = [one for one in copied(ALL).records if one.id == "c2"]

    assert dict(guiding.values)["person"] is ANOTHER
    assert guiding.withheld == ("planned_end_on", "ending")


def test_what_another_wrote_for_restricted_use_is_said_and_not_shown(register):
    """K19: the programme keeps a guide's diary for guides only."""
    text = register.own_copy("p-me")

    assert "what the guide thought" not in text
    assert "in own words: is recorded and not shown" in text
    assert "A guide's notes were written for guides only." in text
    (note,) = [one for one in copied(ALL, restricted=False).records if one.id == "a1"]
    assert dict(note.values)["note"] == "what the guide thought"


def test_ones_own_words_are_in_it_as_they_were_said(register):
    """On one line, and so that Markdown shows them and makes nothing of them."""
    assert r"in own words: “A \<b\>calm\</b\> life \# now”" in register.own_copy("p-me")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("aim", "rehabilitation", "arvo: kuntouttava"),
        ("gender", "woman", "arvo: nainen"),
        ("employment", "my_own_code", "arvo: my\\_own\\_code"),
    ],
)
def test_what_one_has_told_is_in_words_where_there_are_words(register, name, value, told):
    """A trait that has a vocabulary of its name is said by it, and no other one is guessed."""
    register.add([made.one("traits", id="t1", person="p-me", name=name, value=value)])
    assert told in register.own_copy("p-me", locale="fi")


def test_a_judgement_on_sharing_a_group_is_never_in_it(register):
    """And a copy with one reads as a copy without, so that nobody can tell."""
    without = [one for one in ALL if one is not APART]
    rows = tables(without)

    assert about(rows, "p-me") == about(tables(ALL), "p-me")
    assert "is never shown in anybody's copy" in register.own_copy("p-xyz")


def test_a_correction_shows_the_earlier_value_and_who_changed_it(register):
    register.add([evolve(EPISODE, started_on=date(2018, 1, 15), channel="peer")], reason="a slip")
    text = register.own_copy("p-me")

    assert "started: 15 January 2018" in text
    assert "Recorded by coordinator on 1 June 2018 09:00 UTC. Reason: first entry." in text
    assert (
        "Corrected by coordinator on 1 June 2018 09:01 UTC. Reason: a slip. "
        "Before – through whom: not stated, started: 8 January 2018."
    ) in text


def test_the_copy_reads_the_clock_of_the_place_where_its_people_met(register):
    """Where the facts of the copy name one time zone; the journal itself is kept in UTC."""
    met = made.one(
        "sessions",
        id="s1",
        group="g1",
        starts_at=datetime(2018, 5, 2, 12, tzinfo=ZoneInfo("Europe/Helsinki")),
    )
    came = made.one("attendance", id="t1", person="p-me", session="s1", status="present")
    assert "on 1 June 2018 09:00 UTC" in register.own_copy("p-me")
    place = made.one("groups", id="g1", program="kokemusohjaus", starts_on=date(2018, 1, 1))
    register.add([place, met, came])
    text = register.own_copy("p-me")
    assert "on 1 June 2018 12:00 EEST" in text
    assert "UTC" not in text


def test_what_was_written_of_somebody_else_by_mistake_stays_theirs(register):
    """The earlier values of a fact that moved to another person were never about this one."""
    register.add([made.one("traits", id="t1", person="p-xyz", name="aim", value="harm_reduction")])
    register.add([made.one("traits", id="t1", person="p-me", name="aim", value="rehabilitation")])
    text = register.own_copy("p-me")

    assert "rehabilitative" in text
    assert "harm" not in text


OTHERS = {
    "enrollments": {"id": "z", "program": "verna", "program_version": "1"},
    "goals": {"id": "z", "domain": "housing"},
    "assessments": {"id": "z", "instrument": "eq5d"},
    "interviews": {"id": "z", "program": "verna"},
    "encounters": {"id": "z"},
}
MOVED = [
    # table, its column of what it belongs to, that table, what stood there of the other person
    ("answers", "form", "interviews", {"item": "violence", "note": "HER WORDS"}, "HER WORDS"),
    ("answers", "form", "assessments", {"item": "violence", "note": "HER WORDS"}, "violence"),
    ("scores", "assessment", "assessments", {"scale": "her_scale"}, "her_scale"),
    ("goal_ratings", "goal", "goals", {"rated_on": date(2011, 5, 5)}, "2011"),
    ("pauses", "of", "enrollments", {"starts_on": date(2011, 5, 5)}, "2011"),
    ("encounter_themes", "encounter", "encounters", {"theme": "her_theme"}, "her_theme"),
]


def plain(text):
    """Without the backslashes of Markdown, and with codes as a person reads them."""
    return text.replace("\\", "").replace("her theme", "her_theme")


@pytest.mark.parametrize(
    ("locale", "folder", "listed"),
    [
        ("en", "It came from a folder of files.", "It came from a list."),
        ("fi", "Tiedot tuotiin kansiosta.", "Tiedot tuotiin luettelosta."),
        ("sv", "Uppgifterna hämtades från en mapp.", "Uppgifterna hämtades från en lista."),
    ],
)
def test_that_it_was_imported_is_said_in_the_language_of_the_copy(locale, folder, listed):
    """The command line writes into the journal how it came; nobody should have to know English."""
    with osa.open("memory:", actor="coordinator", purpose="daily work", clock=clock()) as register:
        register.add(PEOPLE, reason="import of a folder")
        register.add([EPISODE], reason="import of a list (.xlsx)")
        text = register.own_copy("p-me", locale=locale)

    assert folder in text
    assert listed in text
    assert "import" not in text.lower()


def owned(table, name, person):
    names = {"encounters": "peer"}.get(table, "person")
    return made.one(table, **OTHERS[table] | {"id": name, names: person})


@pytest.mark.parametrize(("table", "column", "parent", "hers", "word"), MOVED)
def test_what_belonged_to_somebody_elses_fact_stays_theirs(
    register, table, column, parent, hers, word
):
    """A row that is moved from her interview to mine shows that it was corrected, and no more."""
    register.add([owned(parent, "mine", "p-me"), owned(parent, "hers", "p-xyz")])
    register.add([made.one(table, **{"id": "x1", column: "hers"} | hers)])
    register.add([made.one(table, id="x1", **{column: "mine"})], reason="typing slip")
    text = register.own_copy("p-me")

    assert word not in plain(text)
    assert "Reason: typing slip. What stood before was another person's" in text
    assert "id: x1" in text


@pytest.mark.parametrize(("table", "column", "parent", "hers", "word"), MOVED)
def test_what_was_recorded_while_it_was_somebody_elses_does_not_become_mine(
    register, table, column, parent, hers, word
):
    """Her interview is put under my name; what she had said in it is not shown as what I said."""
    register.add([owned(parent, "moved", "p-xyz")])
    register.add([made.one(table, **{"id": "x1", column: "moved"} | hers)])
    register.add([owned(parent, "moved", "p-me")], reason="typing slip")
    text = register.own_copy("p-me")

    assert word not in plain(text)
    assert "It was recorded while it belonged to another person" in text

    register.add([made.one(table, id="x1", **{column: "moved"})], reason="mine, asked again")
    again = register.own_copy("p-me")

    assert word not in plain(again)
    assert "It was recorded while it belonged to another person" not in again
    assert "What stood before was another person's" in again


def test_a_correction_of_ones_own_answer_still_shows_what_stood_before(register):
    register.add([evolve(OWN_WORDS, note=FreeText("A loud life"))], reason="a slip")

    assert r"Before – in own words: “A \<b\>calm" in register.own_copy("p-me")


def test_what_was_the_guided_persons_is_not_shown_to_the_guide_who_came_to_be_guided(register):
    """Her case, in which I was the guide, is corrected to mine: her planned end stays hers."""
    mine = evolve(GUIDING, person="p-me", guide="p-xyz", planned_end_on=date(2019, 1, 1))
    register.add([evolve(mine, ending="completed")], reason="typing slip")
    text = register.own_copy("p-me")

    assert "7 November 2018" not in text
    assert "ended\\_by\\_user" not in text
    assert "planned end: 1 January 2019" in text


def test_what_her_talks_held_stays_hers_when_the_case_becomes_mine(register):
    """Two steps away: the answer belongs to a talk, and the talk to a case of guidance."""
    register.add([evolve(GUIDING, person="p-me", guide="p-xyz")], reason="typing slip")
    copy = register._own_copy("p-me")
    found = {one.id: one for one in copy.records}

    assert [dict(found[one].values) for one in ("w2", "a3")] == [
        {"id": "w2", "guidance": "c2"}, {"id": "a3", "form": "w2"}
    ]  # fmt: skip
    assert found["w2"].of_another
    assert found["a3"].of_another


def test_a_guides_note_that_was_moved_elsewhere_stays_for_guides_only(register):
    """K19: where a note stands now does not open what it was before."""
    register.add([evolve(NOTE, form="i1", note=FreeText("my own words"))], reason="a slip")
    text = register.own_copy("p-me")

    assert "what the guide thought" not in text
    assert "my own words" in text


def test_an_id_that_two_tables_have_opens_nothing_of_the_other_person(register):
    """My interview has the id of her assessment: an answer to either could be hers."""
    register.add([owned("interviews", "same", "p-me"), owned("assessments", "same", "p-xyz")])
    register.add([made.one("answers", id="x1", form="same", item="violence", note="HER WORDS")])

    assert "HER WORDS" not in register.own_copy("p-me")
    assert "HER WORDS" not in register.own_copy("p-xyz")


def test_a_copy_as_known_earlier_knows_nothing_later(register):
    register.add([evolve(EPISODE, started_on=date(2018, 1, 15))])
    earlier = register.known_at(datetime(2018, 6, 1, 9, 0, 30, tzinfo=UTC))

    assert "started: 8 January 2018" in earlier.own_copy("p-me")
    assert "Corrected" not in earlier.own_copy("p-me")


def test_a_store_without_a_journal_says_so(tmp_path):
    with osa.open(str(tmp_path / "facts"), create=True) as register:
        register.add(ALL)
        assert "this store keeps no journal" in register.own_copy("p-me")


def test_uses_say_whether_there_is_consent():
    """W15: a second use without a consent is one for which the data may not be used."""
    register = osa.open("memory:")
    episode = evolve(EPISODE, program="wertzu", decided_by=None)
    register.add([*PEOPLE, episode])
    assert "You have not consented to this" in register.own_copy("p-me")

    register.add([made.one("consents", id="n0", person="p-xyz", purpose="own_assessment")])
    assert "You have not consented to this" in register.own_copy("p-me")

    given = made.one("consents", id="n1", person="p-me", purpose="own_assessment")
    register.add([given])
    assert "You have consented to this" in register.own_copy("p-me")

    register.add([evolve(given, withdrawn_on=date(2020, 6, 1))])
    assert "You have not consented to this" in register.own_copy("p-me")


def test_what_would_go_and_what_would_stay(register):
    text = register.own_copy("p-xyz")

    assert "1 record of another person which says that you decided" in text
    assert "4 records would be removed" in text
    assert "- Individual guidance: 1" in text
    assert "1 record of your work for others" in text  # the case in which they guide


def test_a_published_result_stays_and_is_counted():
    register = osa.open("memory:")
    register.add(ALL)
    register.release("people_and_episodes")

    assert "1 published result." in register.own_copy("p-me")


def test_whoever_agreed_to_be_quoted_is_told_what_becomes_of_their_words():
    """Counts name nobody, but words that somebody agreed to have quoted are theirs."""
    consent = made.one("consents", id="q1", person="p-me", purpose="quoting")
    texts = [tell_copy(copied(facts), locale="en") for facts in (ALL, [*ALL, consent])]
    assert ["agreed to be quoted" in text for text in texts] == [False, True]


def test_nothing_recorded_is_told_without_repeating_the_id(register):
    with pytest.raises(DefinitionError, match="nothing is recorded") as caught:
        register.own_copy("Virtanen")

    assert "Virtanen" not in str(caught.value)


def test_a_copy_is_noted_in_the_journal_without_the_person(register):
    register.own_copy("p-me")

    assert [entry.operation for entry in register.journal()] == ["append", "own_copy"]
    assert all("p-me" not in entry.reason for entry in register.journal())


@pytest.mark.parametrize("locale", LOCALES)
def test_every_table_and_column_about_a_person_has_plain_words(locale):
    """Those of groups, costs, ideas and decisions are about nobody."""
    of_people = {
        "people", "traits", "enrollments", "guidance", "roles", "pauses", "contacts", "interviews",
        "attendance", "encounters", "encounter_themes", "reviews", "goals", "goal_ratings",
        "linkages", "memberships", "assessments", "answers", "scores", "consents",
    }  # fmt: skip
    for name in of_people:
        assert called("tables", name, locale)
        assert all(called("columns", column, locale) for column in TABLES[name].column_names)
    facts = {name: [made.one(name, person="p1")] for name in of_people if _has_person(name)}
    assert {*about(facts, "p1")} == {*facts}


def _has_person(name):
    return any(column.name == "person" for column in TABLES[name].columns)


PERSONS = st.sampled_from(["p-me", "p-SOMEBODY"])


@given(
    st.lists(st.tuples(st.sampled_from(sorted(TABLES)), PERSONS, PERSONS, PERSONS), max_size=12),
    st.sampled_from(LOCALES),
)
def test_no_copy_names_anybody_else(drawn, locale):
    """A law over facts of every table: of other people not even the id is in the text."""
    rows, mine = {}, set()
    for number, (name, *people) in enumerate(drawn):
        columns = TABLES[name].columns
        named = [one.name for one in columns if "people" in one.refers_to]
        given = dict(zip(named, people, strict=False))
        if any(one.name == "decided_by" for one in columns):
            given["decided_by"] = people[-1]
        fact = made.one(name, id=f"id{number}", **given)
        rows.setdefault(name, []).append(fact)
        if name != "keep_apart" and "p-me" in [given[one] for one in named]:
            mine.add(fact.id)
    copy = make_copy(rows, "p-me", revisions={}, restricted=lambda program: False)
    text = tell_copy(copy, locale=locale)

    assert "SOMEBODY" not in text
    assert {one.id for one in copy.records} == mine


def test_consent_stands_from_its_day_until_it_is_taken_back():
    """Of a day; without one, whatever was not taken back."""
    (purpose,) = each(WERTZU.data_purposes)
    given = made.one("consents", id="n1", person="p-me", purpose=purpose.code,
                     given_on=date(2018, 2, 1), withdrawn_on=date(2018, 5, 1))  # fmt: skip

    def stands(on):
        uses = uses_of([WERTZU], {"consents": [given]}, "p-me", on=on)
        return [one.consents for one in uses if one.text == purpose.text]

    assert stands(date(2018, 1, 31)) == [False]
    assert stands(date(2018, 2, 1)) == [True]
    assert stands(date(2018, 5, 1)) == stands(None) == [False]
