"""Whatever day, number, word or file a command is given, it says in its own words what is wrong."""

import pytest

import osallisuus as osa
from tests.cli.running import ROOT
from tests.model import made

VERNA = ROOT / "src/osallisuus/programs/verna.toml"
FAR = ["0001-01-01", "0999-12-31", "9000-01-01", "9999-12-31"]
DAYS = {
    "check": ("check", "STORE", "--on"),
    "eligibility": ("show", "eligibility", "STORE", "p1", "--program", "verna", "--on"),
    "ideas": ("show", "ideas", "STORE", "--program", "verna", "--on"),
    "migrate-program": (
        "migrate-program",
        "STORE",
        "--from",
        "verna@1",
        "--to",
        str(VERNA),
        "--on",
    ),
    "plan": ("plan", "verna", "--start"),
    "plan --until": ("plan", "verna", "--start", "2026-03-02", "--until"),
    "remind": ("remind", "STORE", "--program", "verna", "--on"),
    "simulate": ("simulate", "verna", "--people", "3", "--seed", "1", "--out", "OUT", "--start"),
}
PERIODS = {
    "fund": ("fund", "STORE", "--program", "verna", "--period"),
    "needs": ("show", "needs", "STORE", "--program", "verna", "--period"),
}
TOML = {
    "capacity of 5,000 digits": (VERNA.read_text("utf-8"), "capacity = " + "9" * 5000),
    "capacity of 400 digits": (VERNA.read_text("utf-8"), "capacity = " + "9" * 400),
    "3,000 lists": ("", "x = " + "[" * 3000),
    "a long file": ("", "#" * 1_000_001),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    place = str(tmp_path_factory.mktemp("far") / "verna.db")
    with osa.open(place, actor="test") as register:
        register.add([made.one("people", id="p1")])
        register.add([made.one("enrollments", id="e1", person="p1", program="verna")])
    return place


def asked(command, store, tmp_path):
    places = {"STORE": store, "OUT": str(tmp_path / "out")}
    return [places.get(one, one) for one in command]


def refused(done, what=""):
    assert done.code in (1, 2), done.out
    assert "Traceback" not in done.err
    assert done.out == ""
    assert what in done.err


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize("name", DAYS)
def test_a_day_beyond_every_calendar_is_refused(name, day, store, tmp_path, call):
    refused(call(*asked(DAYS[name], store, tmp_path), day), "too far from our time")


@pytest.mark.parametrize("period", ["0001-01-01..9999-12-31", "9999-01-01..9999-12-31"])
@pytest.mark.parametrize("name", PERIODS)
def test_a_period_beyond_every_calendar_is_refused(name, period, store, tmp_path, call):
    refused(call(*asked(PERIODS[name], store, tmp_path), period), "too far from our time")


@pytest.mark.parametrize("command", ["programs", "plan", "check", "compose", "innokyla", "look"])
@pytest.mark.parametrize("name", TOML)
def test_a_toml_file_that_nobody_writes_is_refused(name, command, store, tmp_path, call):
    """Whichever command reads it, and whatever for."""
    text, line = TOML[name]
    file = tmp_path / "own.toml"
    file.write_text(f"{line}\n{text}", "utf-8")
    path = str(file)
    refused(
        call(
            *{
                "programs": ("innokyla", path, "--store", store),
                "plan": ("plan", path, "--start", "2026-03-02"),
                "check": ("check", store, "--program", path),
                "compose": ("compose", store, "--program", "verna", "--rules", path,
                            "--on", "2026-03-01"),
                "innokyla": ("innokyla", path),
                "look": ("report", store, "--program", "verna", "--look", path),
            }[command]
        ),
        "own.toml",
    )  # fmt: skip


@pytest.mark.parametrize("last", ["9999-12-31", "9999", "0000", "0001"])
def test_an_end_that_means_none_is_refused_with_what_to_write(last, tmp_path, call):
    text = VERNA.read_text("utf-8").replace(
        "\n\n", f'\nperiod = {{ first = "2016", last = "{last}" }}\n\n', 1
    )
    (tmp_path / "own.toml").write_text(text, "utf-8")
    refused(call("innokyla", str(tmp_path / "own.toml")), "own.toml")


def test_many_groups_are_one_problem_and_nothing_is_printed_before_it(store, tmp_path, call):
    (tmp_path / "rules.toml").write_text(
        "\n".join(f"[groups.g{number}]" for number in range(20_000)), "utf-8"
    )
    done = call("compose", store, "--program", "verna", "--rules", str(tmp_path / "rules.toml"),
                "--on", "2026-03-01")  # fmt: skip
    refused(done, "too many groups")
    assert len(done.err.splitlines()) == 1


def test_closures_without_end_are_read_to_the_limit_only(call):
    refused(call("plan", "wertzu", "--start", "2026-03-02", "--closures", "/dev/zero"), "more than")


def test_a_misspelt_circle_of_ideas_is_no_circle_without_ideas(store, call):
    done = call("show", "ideas", store, "--program", "verna", "--on", "2026-03-01",
                "--origin", "encounter_form")  # fmt: skip
    refused(done, "did you mean 'encounter_forms'?")


def test_a_seed_has_no_sign(tmp_path, call):
    """Chance would begin the same facts with it and without."""
    done = call("simulate", "verna", "--people", "3", "--seed", "-1", "--out", str(tmp_path / "o"))
    refused(done, "--seed is not a whole number")
    assert not (tmp_path / "o").exists()
