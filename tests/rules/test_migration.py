"""From one version of a programme to the next: nobody's terms change under their feet."""

from datetime import date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.errors import DefinitionError
from osallisuus.model.arrangements import DataPurpose
from osallisuus.model.cadence import Exactly
from osallisuus.model.roles import Prerequisite
from osallisuus.model.stated import LOCALES, NONE, Text
from osallisuus.programs import VERNA, WERTZU
from osallisuus.rules.migration import Change, Migration, agreement, changes_between, migrate
from osallisuus.rules.migration_told import tell_migration
from osallisuus.words import Words
from tests.cli.running import ROOT, run
from tests.model import made

ON = date(2019, 1, 7)
NEXT = evolve(WERTZU, version="2")
LONGER = evolve(NEXT, sessions=evolve(WERTZU.sessions, cadence=Exactly(10, "week", 180)))


def enrolled(fact_id="e1", **given):
    given = {"person": "p1", "program": "wertzu", "program_version": "1"} | given
    return made.one("enrollments", id=fact_id, **given)


def consent(given_on, withdrawn_on=None, purpose="move_to.wertzu.2"):
    return made.one(
        "consents", id="n1", person="p1", purpose=purpose, given_on=given_on,
        withdrawn_on=withdrawn_on,
    )  # fmt: skip


BEGUN = enrolled(started_on=date(2018, 11, 5))
CASES = {
    "is interviewed and waits": (
        [enrolled(interviewed_on=date(2018, 12, 3))], "begins_under_new", "enrollments[e1]"),
    "has begun": ([BEGUN], "stays", "enrollments[e1]"),
    "has begun and agreed": ([BEGUN, consent(date(2019, 1, 6))], "agreed", "consents[n1]"),
    "took it back": (
        [BEGUN, consent(date(2018, 12, 1), date(2019, 1, 6))], "stays", "enrollments[e1]"),
    "agreed to something else": (
        [BEGUN, consent(date(2018, 12, 1), purpose="move_to.wertzu.3")],
        "stays", "enrollments[e1]"),
    "has completed, even if they agreed": (
        [evolve(BEGUN, ended_on=date(2019, 1, 6), ending="completed"), consent(date(2018, 12, 1))],
        "ended", "enrollments[e1]"),
    "declined before the start": (
        [enrolled(offered_on=date(2018, 11, 5), ended_on=date(2018, 12, 1), ending="declined")],
        "ended", "enrollments[e1]"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_who_has_begun_stays_with_their_version_until_they_agree(name):
    """W25, U3: the policy, with the fact that decides."""
    facts, outcome, evidence = CASES[name]
    (move,) = migrate(WERTZU, NEXT, facts, on=ON).moves

    assert (move.outcome, move.evidence) == (outcome, evidence)
    assert move.moves == (outcome in ("begins_under_new", "agreed"))


@pytest.mark.parametrize(("old", "new"), [("2", "1"), ("10", "9")])
def test_nobody_moves_back_to_an_earlier_version(old, new):
    with pytest.raises(DefinitionError, match="comes before the old one"):
        migrate(evolve(WERTZU, version=old), evolve(WERTZU, version=new), [], on=ON)
    for names in ((new, old), ("b", "a"), ("2026-2", "2026-1")):
        first, then = (evolve(WERTZU, version=one) for one in names)
        assert migrate(first, then, [], on=ON).moves == ()


PAST = {
    "somebody starts on the day": [enrolled(started_on=ON)],
    "somebody agrees on the day": [BEGUN, consent(ON)],
    "somebody completes on the day": [evolve(BEGUN, ended_on=ON, ending="completed")],
    "somebody has completed since": [
        evolve(BEGUN, ended_on=date(2019, 3, 1), ending="completed")],
    "somebody of another programme starts later": [
        enrolled("e2", program="verna", started_on=date(2019, 2, 1))],
}  # fmt: skip


@pytest.mark.parametrize("name", PAST)
def test_a_version_is_never_in_force_before_what_has_happened(name):
    """Else whoever takes part, or has ended, would be taken for somebody who has not begun."""
    with pytest.raises(DefinitionError, match="before what has happened already"):
        migrate(WERTZU, NEXT, PAST[name], on=ON)
    assert migrate(WERTZU, NEXT, PAST[name], on=date(2019, 3, 2)).facts == () or "agrees" in name


@pytest.mark.parametrize(
    "day",
    [None, "2019-01-07", datetime(2019, 1, 7), date(1, 1, 1), date(9999, 12, 31)],  # noqa: DTZ001
)
def test_it_is_in_force_from_a_day_on(day):
    with pytest.raises(DefinitionError, match="on"):
        migrate(WERTZU, NEXT, [], on=day)


def test_a_register_moves_nobody_who_takes_part_by_an_earlier_day():
    """Not even as a trial, which would tell of them what is not so."""
    register = osa.open("memory:")
    register.add([made.one("people", id="p1", registered_on=date(2018, 1, 2)), BEGUN])
    for dry_run in (True, False):
        with pytest.raises(DefinitionError, match="before what has happened already"):
            register.migrate_program(WERTZU, NEXT, on=date(2011, 1, 1), dry_run=dry_run)
    assert {one.program_version for one in register.facts(osa.Enrollment)} == {"1"}


def test_others_are_not_looked_at():
    """Of another programme, and of another version."""
    facts = [enrolled("e2", program="verna"), enrolled("e3", program_version="0")]

    assert migrate(WERTZU, NEXT, facts, on=ON).moves == ()


CHANGES = {
    "another cadence": (
        LONGER, [("sessions.cadence", "changed", "taking_part")]),
    "one criterion less": (
        evolve(NEXT, target=evolve(WERTZU.target, criteria=WERTZU.target.criteria[:1])),
        [("target.criteria[abstinence]", "removed", "coming")]),
    "a prerequisite of a role": (
        evolve(NEXT, roles=tuple(
            evolve(role, prerequisites=(Prerequisite.parse("started:wertzu"),))
            if role.code == "peer_facilitator" else role for role in WERTZU.roles)),
        [("roles[peer_facilitator].prerequisites", "changed", "role")]),
    "a purpose of data": (
        evolve(NEXT, data_purposes=(*WERTZU.data_purposes,
                                    DataPurpose(code="research", text=Text(en="Research")))),
        [("data_purposes[research]", "added", "data")]),
    "pay is no longer stated": (
        evolve(NEXT, compensation=None), [("compensation", "removed", "role")]),
    "an activity, stated for the first time": (
        evolve(NEXT, activities=VERNA.activities[:1]), [("activities", "added", "taking_part")]),
    "a summary in other words": (
        evolve(NEXT, summary=Text(en="A training")), [("summary", "changed", "description")]),
    "costs in another order": (
        evolve(NEXT, cost_heads=WERTZU.cost_heads[::-1]),
        [("cost_heads", "changed", "description")]),
    "sessions where there are none any more": (
        evolve(NEXT, sessions=NONE, not_stated=None),
        [("sessions", "changed", "taking_part"), ("not_stated", "removed", "description")]),
    "nothing": (NEXT, []),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_says_for_whom_it_matters(name):
    new, expected = CHANGES[name]
    found = changes_between(WERTZU, new)

    assert [(one.path, one.kind, one.concern) for one in found] == expected


def test_each_person_is_told_what_concerns_them():
    """Who comes, who takes part, who holds a role; what has ended is concerned by data only."""
    new = evolve(
        LONGER,
        channels=(evolve(WERTZU.channels[0], text=Text(en="Anybody")),),
        roles=tuple(evolve(role, may_pause=True) for role in WERTZU.roles),
        data_purposes=None,
    )
    facts = [
        BEGUN,
        enrolled("e2", person="p2", reached_on=date(2018, 12, 1)),
        evolve(enrolled("e3", person="p3"), started_on=date(2018, 1, 8),
               ended_on=date(2018, 3, 1), ending="completed"),
        made.one("roles", id="r1", person="p1", role="co_developer", program="wertzu",
                 starts_on=date(2018, 12, 1)),
        made.one("roles", id="r2", person="p2", role="client", program="wertzu",
                 starts_on=date(2018, 1, 1), ends_on=date(2018, 6, 1)),
    ]  # fmt: skip
    moves = migrate(WERTZU, new, facts, on=ON).moves

    assert [[one.path for one in move.concerns] for move in moves] == [
        ["sessions.cadence", "roles[co_developer].may_pause", "data_purposes"],
        ["channels[worker].text", "sessions.cadence", "data_purposes"],
        ["data_purposes"],
    ]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [(WERTZU, VERNA, "two programmes"), (WERTZU, WERTZU, "same version")],
)
def test_what_are_no_two_versions_of_one_is_refused(old, new, what):
    with pytest.raises(DefinitionError, match=what):
        changes_between(old, new)


def test_agreeing_is_a_consent_whose_purpose_is_a_code():
    """Also where the version has other signs."""
    assert agreement(evolve(WERTZU, version="2026 Spring/a")) == "move_to.wertzu.2026_spring_a"


def test_a_register_moves_them_in_one_commit_or_only_says_so():
    register = osa.open("memory:")
    facts = [BEGUN, enrolled("e2", person="p2", reached_on=date(2018, 12, 1))]
    register.add([made.one("people", id=name) for name in ("p1", "p2")])
    register.add(facts)
    tried = register.migrate_program(WERTZU, NEXT, on=ON, dry_run=True)
    assert [one.id for one in tried.facts] == ["e2"]
    assert {one.program_version for one in register.facts(osa.Enrollment)} == {"1"}

    done = register.migrate_program(WERTZU, NEXT, on=ON)
    assert done == tried
    assert [one.program_version for one in register.facts(osa.Enrollment)] == ["1", "2"]
    assert [entry.reason for entry in register.journal()][-1] == "wertzu: version 1 to 2"

    again = register.migrate_program(WERTZU, NEXT, on=ON)
    assert again.facts == ()
    assert len(list(register.journal())) == 3


def test_without_a_day_it_is_the_day_after_the_last_fact():
    """So whoever starts on the last day has begun."""
    register = osa.open("memory:")
    register.add([made.one("people", id="p1", registered_on=date(2018, 1, 2)), BEGUN])

    assert [one.outcome for one in register.migrate_program(WERTZU, NEXT).moves] == ["stays"]


@given(
    st.lists(st.tuples(*(st.none() | st.dates(date(2018, 12, 1), date(2019, 2, 1)),) * 3)),
    st.dates(date(2018, 12, 1), date(2019, 2, 1)),
)
def test_nobody_who_has_begun_ever_moves_without_having_agreed(lives, on):
    """A law over any days: and what moves is the same enrolment but for its version."""
    facts = []
    for number, (started, ended, agreed) in enumerate(lives):
        person = f"p{number}"
        ending = "left" if ended else None
        facts.append(enrolled(f"e{number}", person=person, started_on=started,
                              reached_on=date(2018, 1, 1), ended_on=ended, ending=ending))  # fmt: skip
        if agreed:
            facts.append(evolve(consent(agreed), id=f"n{number}", person=person))
    last = max([on, *(day for life in lives for day in life if day)])
    found = migrate(WERTZU, NEXT, facts, on=last + timedelta(1))
    consented = {one.person for one in facts if isinstance(one, osa.Consent)}

    assert len(found.moves) == len(lives)
    for move in found.moves:
        if move.moves:
            assert move.enrollment.ended_on is None
            assert not move.enrollment.started_on or move.enrollment.person in consented
    stored = {one.id: one for one in found.facts}
    assert all(
        evolve(stored[move.enrollment.id], program_version="1") == move.enrollment
        for move in found.moves
        if move.moves
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_told_with_the_policy_and_says_internal(locale):
    words = Words(locale)
    text = tell_migration(migrate(WERTZU, LONGER, [BEGUN], on=ON), words=words)

    assert text.startswith(words("document.internal"))
    assert words("migration.policy") in text
    assert "sessions.cadence" in text
    assert f"e1: {words('migration.stays')} (enrollments[e1])" in text
    nobody = tell_migration(migrate(WERTZU, NEXT, [], on=ON), words=words)
    assert words("migration.nothing") in nobody
    assert words("migration.nobody") in nobody


def test_the_command_tries_and_moves(tmp_path):
    """And refuses a version that is not the one at hand."""
    text = (ROOT / "src/osallisuus/programs/wertzu.toml").read_text("utf-8")
    new = tmp_path / "new.toml"
    new.write_text(text.replace('version = "1"', 'version = "2"'), "utf-8")
    store = tmp_path / "w.db"
    run("import", ROOT / "examples/wertzu", "--into", store)
    asked = ("migrate-program", store, "--to", new)
    tried = run(*asked, "--from", "wertzu@1", "--dry-run")
    done = run(*asked, "--from", "wertzu@1")
    wrong = run(*asked, "--from", "wertzu@0")

    assert "Nothing was stored; 12 enrolments would move." in tried.out
    assert "12 enrolments moved." in done.out
    assert "of another version" not in run("check", store).err
    early = run(*asked, "--from", "wertzu@1", "--on", "2011-01-01")
    assert early.code == 1
    assert "before what has happened already @ on" in early.err
    assert wrong.code == 1
    assert "the definition at hand is of version 1" in wrong.err


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (NONE, "none"),
        (("guide", "peer"), "guide, peer"),
        (DataPurpose(code="care", text=Text(en="To give care")), "To give care"),
        (Prerequisite("started", "wertzu"), "started:wertzu"),
    ],
)
def test_what_stands_now_is_told_in_short(value, told):
    """Words as they are, several by commas, and what has words of its own by these."""
    change = Change(path="themes", before="before", after=value)
    found = Migration(program="wertzu", old="1", new="2", changes=(change,), moves=())
    assert told in tell_migration(found, words=Words("en"))
