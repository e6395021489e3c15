"""``osallisuus show``: a person, a case, a community, ideas and needs on a day; all INTERNAL."""

import json

import pytest

import osallisuus as osa
from osallisuus.model.stated import LOCALES
from osallisuus.words import Words
from tests.cli.running import EXAMPLES
from tests.rules import interviewing

VIEWS = {
    "eligibility": ("verna", "p-3c39bc", "--program", "verna", "--on", "2012-09-01"),
    "roles": ("wertzu", "p-62ef74", "--program", "wertzu", "--on", "2018-05-01"),
    "guidance": ("kokemusohjaus", "q-278091", "--on", "2015-04-01"),
    "community": ("yhteiso", "g-2aaabd", "--on", "2018-01-01"),
    "ideas": ("yhteiskehittaminen", "--program", "yhteiskehittaminen", "--on", "2021-06-01"),
    "needs": ("verna", "--program", "verna", "--period", "2012-01-01..2012-07-01"),
}
"""View -> the example and how it is asked."""

SAYS = {
    "eligibility": (
        "Verna – women as peers in the field of substance-use work, 1 September 2012: how each criterion stands. It is no decision: a person decides.",
        "The programme does not state what its interview asks, so that no answers can be read.",
        "“Is a woman, in her own words.” Unknown.",
        "“Is willing to try to commit herself to a group of four months.” For a person to judge.",
        "“Abstinence is not required: one can come while using or while recovering.” So the programme says, and nobody is asked for it.",
        "Decided by a human, apart from the criteria:",
        "  20 July 2012: a place in this group; decided by w-688b3d (interview i-0ca282)",
    ),
    "roles": (
        "Roles on 1 May 2018. The order is the programme's and no rank.",
        "Peer facilitator: not begun",
        "  Open. To take it up is the person's own choice.",
        "  - has completed: Peer facilitator training (Wertzu): yes (enrollments[e-39d2ec])",
        "  Pay: not paid",
    ),
    "guidance": (
        "q-278091: ended by the service user; planned end 6 May 2015",
        "  opening talk: held on 17 January 2015",
        "  closing talk: not held",
        "  Own goal, relationships: less than expected",
    ),
    "community": (
        "Community g-2aaabd on 1 January 2018",
        "Clients: 10 (at most 50 agreed)",
        "Decisions: 13, of which 4 not carried out yet",
        "Rule visitors: decision d-5dcacf, 13 September 2017",
    ),
    "ideas": (
        "Ideas on 1 June 2021. The credit is shared.",
        "i-194a49 (peers): raised",
    ),
    "needs": (
        "What was spoken of in the field, 1 January 2012 – 30 June 2012",
        "Encounters: 70. Encounters are counted, not people.",
        "services: 13",
        "No theme noted: 12",
    ),
}


def asked(view, *more):
    example, *rest = VIEWS[view]
    return ("show", view, EXAMPLES / example, *rest, *more)


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_says_its_sentences_and_first_of_all_that_it_is_internal(call, view):
    done = call(*asked(view))
    lines = done.out.splitlines()

    assert (done.code, done.err) == (0, "")
    assert lines[:2] == ["INTERNAL – not for publication", ""]
    assert [line for line in SAYS[view] if line not in lines] == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("view", VIEWS)
def test_each_view_speaks_three_languages_and_names_nobody(call, view, locale):
    """Beside the word INTERNAL no line is the same in all; who was asked about is not repeated."""
    out = call(*asked(view, "--locale", locale)).out

    assert out.splitlines()[0] == Words(locale)("document.internal")
    assert "p-" not in out
    assert "None" not in out
    others = [call(*asked(view, "--locale", one)).out for one in LOCALES if one != locale]
    assert out not in others


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_as_json_says_that_it_is_internal_and_is_the_same_in_every_language(call, view):
    found = [json.loads(call(*asked(view, "--json", "--locale", one)).out) for one in LOCALES]

    assert found[0]["internal"] is True
    assert found[0]["view"] == view
    assert found[0] == found[1] == found[2]
    assert '"p-' not in json.dumps(found[0])


def test_json_holds_what_the_text_says(call):
    def data(view):
        return json.loads(call(*asked(view, "--json")).out)

    woman, *_, abstinence = data("eligibility")["criteria"]
    assert (woman["standing"], woman["missing"]) == ("unknown", ["gender"])
    assert abstinence["standing"] == "not_required"
    assert data("eligibility")["decisions"] == [
        {
            "interview": "i-0ca282",
            "happened_on": "2012-07-20",
            "outcome": "place",
            "decided_by": "w-688b3d",
        }
    ]
    (facilitator,) = [one for one in data("roles")["roles"] if one["role"] == "peer_facilitator"]
    assert facilitator["requirements"] == [
        {
            "kind": "completed",
            "program": "wertzu",
            "standing": "met",
            "evidence": "enrollments[e-39d2ec]",
        }
    ]
    assert (facilitator["openness"], facilitator["pay"]) == ("open", "none")
    assert {one["point"]: one["standing"] for one in data("guidance")["talks"]} == {
        "start": "held",
        "mid": "held",
        "final": "not_held",
    }
    assert data("community")["size"] == {
        "count": 10,
        "unit": "clients",
        "limit": 50,
        "standing": "within",
    }
    assert data("needs")["themes"]["services"] == 13


@pytest.fixture
def circle(tmp_path):
    """A programme of one's own that says what its interview asks, and a store with answers."""
    file, place = tmp_path / "circle.toml", str(tmp_path / "circle.db")
    file.write_text(interviewing.TOML, "utf-8")
    with osa.open(place, actor="a", purpose="p") as register:
        register.add(interviewing.facts())
    return place, "--program", file, "--on", "2026-03-10"


def test_a_programme_of_ones_own_shows_evidence_what_is_missing_and_from_which_day(call, circle):
    place, *how = circle
    out = call("show", "eligibility", place, "Maija", *how, "--locale", "fi").out

    assert out.splitlines()[4:10] == [
        "”On nainen.” Täyttyy.",
        "  - ”Sukupuolesi?” Vastaus on kysytyn mukainen.",
        "",
        "”On täysi-ikäinen.” Ei täyty.",
        "  - ”Milloin synnyit?” Vastaus on muu.",
        "  Samoilla vastauksilla täyttyy 17.5.2026 alkaen.",
    ]
    told = json.loads(call("show", "eligibility", place, "i2", *how, "--json").out)
    adult = told["criteria"][1]
    assert (adult["standing"], adult["evidence"]) == (
        "unknown",
        [{"question": "born_on", "state": "not_answered"}],
    )
    assert adult["nearest"] == [{"born_on": [["<=", "2008-03-10"]]}]
    assert told["to_ask"] == ["born_on", "evening"]
    assert "own words" not in json.dumps(told)


def test_the_journal_of_a_store_notes_that_somebody_was_looked_at(call, circle):
    place, *how = circle
    call("show", "eligibility", place, "Maija", *how)
    call("show", "roles", place, "Maija", *how)

    with osa.open(place, actor="a", purpose="p") as register:
        notes = [(one.operation, one.actor) for one in register.journal()][1:]
        assert "Maija" not in "".join(one.reason for one in register.journal())
    assert notes == [("eligibility", "command line"), ("roles", "command line")]


def test_without_a_case_guidance_shows_where_it_is_time_for_a_talk(call):
    """U10: all cases of the programme in which a talk is due, and no others."""
    place = EXAMPLES / "kokemusohjaus"
    how = ("--program", "kokemusohjaus", "--on", "2014-12-01")
    lines = call("show", "guidance", place, *how).out.splitlines()

    cases = [line for line in lines[3:] if line and not line.startswith(" ")]
    due = [line for line in lines if line.endswith("it is time for it")]
    assert len(cases) == 1
    assert due == ["  opening talk: it is time for it"]
    told = json.loads(call("show", "guidance", place, *how, "--json").out)
    assert [one["case"] for one in told["cases"]] == [cases[0].partition(":")[0]]


def test_a_way_of_roles_is_shown_by_its_days_and_ranks_nobody(call):
    out = call(
        *("show", "roles", EXAMPLES / "yhteiskehittaminen", "p-03b8e7"),
        *("--program", "yhteiskehittaminen", "--on", "2022-01-01"),
    ).out

    assert out.splitlines()[-3:] == [
        "The way client – peer – expert by experience: a view, no ladder.",
        "  1 January 2021: client began",
        "  26 July 2021: peer began",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("roles", "Virtanen", "--program", "wertzu", "--on", "2018-05-01"), 1, "a name is never"),
        (("roles", "p-62ef74", "--program", "wertsu", "--on", "2018-05-01"), 1, "mean 'wertzu'?"),
        (("community", "g-a91bde", "--on", "2018-05-01"), 1, "did you mean 'g-a91bdf'?"),
        (("guidance", "--on", "2018-05-01"), 1, "name a case, or --program"),
        (("roles", "p-62ef74", "--on", "2018-05-01"), 2, "--program"),
        (("eligibility", "p-62ef74", "--program", "wertzu"), 2, "--on"),
        (("ideas", "--program", "wertzu", "--on", "1.5.2018"), 2, "write a day as"),
        (("needs", "--program", "wertzu"), 2, "--period"),
    ],
)
def test_what_cannot_be_shown_says_what_would_help_and_names_nobody(call, arguments, code, says):
    """No person's id is told as the nearest one; the exit codes are those of every command."""
    what, *rest = arguments
    done = call("show", what, EXAMPLES / "wertzu", *rest)

    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert "Virtanen" not in done.err
    assert "p-" not in done.err.replace("--p", "")


def test_an_unknown_view_names_those_that_there_are(call):
    done = call("show", "rolls")

    assert done.code == 2
    for view in VIEWS:
        assert view in done.err
