"""``erase``, ``verify`` and ``vault`` as somebody types them."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import pytest

import osallisuus as osa
from tests import postgres

PERSON = "p-04e708"


class Typed(io.StringIO):
    """A terminal at which somebody has typed this."""

    def isatty(self):
        """Somebody sits there."""
        return True


@pytest.fixture
def store(stores, tmp_path):
    """A copy of the example that a test may change."""
    return str(shutil.copy(stores["wertzu"], tmp_path / "facts.db"))


@pytest.fixture
def type_in(monkeypatch):
    """What is typed at the terminal, or with *piped* what another program sends."""

    def type_in(text, *, piped=False):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text) if piped else Typed(text))

    return type_in


def people(store):
    with osa.open(store) as register:
        return {one.id for one in register.facts(osa.Person)}


def test_a_dry_run_says_what_would_go_and_erases_nobody(call, store):
    """Tables and counts, and what is beyond reach."""
    done = call("erase", store, PERSON, "--dry-run")
    assert done.code == 0, done.err
    assert "people" in done.out
    assert "would go" in done.out
    assert "backups" in done.out
    assert PERSON in people(store)


def test_without_a_terminal_it_needs_a_yes(call, store, type_in):
    """A script that forgot to think about it erases nobody."""
    type_in("y\n", piped=True)
    done = call("erase", store, PERSON)
    assert done.code == 1
    assert "--yes" in done.err
    assert PERSON in people(store)


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
def test_at_a_terminal_somebody_is_asked(call, store, type_in, answer, code):
    """Only a yes erases."""
    type_in(answer)
    done = call("erase", store, PERSON)
    assert done.code == code
    assert (PERSON in people(store)) is (code == 1)
    assert "erase all of this for good? [y/N]" in done.err


def test_erased_for_good_and_said_once_more(call, store):
    """The answer is the receipt; a second time nobody is there, and the error does not say who."""
    done = call("erase", store, PERSON, "--yes", "--json", "--actor", "keeper")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["found"]
    assert told["cleared"]
    assert told["taken"]["people"] == 1
    assert PERSON not in done.out
    assert PERSON.encode() not in Path(store).read_bytes()
    with osa.open(store) as register:
        entry = list(register.journal())[-1]
    assert (entry.actor, entry.purpose, entry.operation) == ("keeper", "erase", "erase")

    again = call("erase", store, PERSON, "--yes")
    assert (again.code, again.out) == (1, "")
    assert again.err.startswith("erasure: nothing is recorded under this id")
    assert PERSON not in again.err
    assert call("erase", store).out == "nothing is left to clear\n"


def test_a_sound_store_is_said_to_be_sound_and_another_is_not(call, store):
    """With exit code 1 and where it was changed."""
    assert call("verify", store).out == "sound: nothing was changed or damaged\n"
    with osa.open(store) as register:
        register.store.run("UPDATE journal SET reason = 'nothing' WHERE tx = 1")
    done = call("verify", store)
    assert done.code == 1
    assert "journal, commit 1" in done.out


def test_a_store_becomes_one_file_and_a_store_again(call, store):
    """In two commands, and the figures are the same; a second time nothing is written over."""
    with osa.open(store) as register:
        head = register.store.head()
    done = call("snapshot", store, "backup.db", "--actor", "keeper", "--purpose", "backup")
    assert done.out == f"everything up to commit {head + 1} is in backup.db\n"
    assert "INTERNAL" in done.err
    done = call("restore", "backup.db", "moved.db", "--actor", "keeper", "--purpose", "a move")
    assert done.out == f"all of backup.db is restored, and written down as commit {head + 2}\n"
    assert "in one of the two only" in done.err
    with osa.open("moved.db") as register:
        told = [(entry.operation, entry.actor, entry.purpose) for entry in register.journal()]
    assert told[-2:] == [("snapshot", "keeper", "backup"), ("restore", "keeper", "a move")]
    figures = [call("measure", place, "completion", "--program", "wertzu").out
               for place in (store, "moved.db")]  # fmt: skip
    assert figures[0] == figures[1]
    assert "already" in call("snapshot", store, "backup.db").err
    assert "holds something already" in call("restore", "backup.db", "moved.db").err
    missing = call("restore", "missing.db", "new.db")
    assert (missing.code, missing.err.startswith("store: there is no such file")) == (1, True)
    assert not Path("new.db").exists()


def test_the_address_into_which_is_restored_is_never_printed(call, store):
    """It may hold a password."""
    call("snapshot", store, "backup.db")
    url = postgres.new_database()
    for options in ([], ["--json"]):
        done = call("restore", "backup.db", url, *options)
        assert url not in done.out + done.err
        assert done.code == (1 if options else 0)
    again = call("restore", "backup.db", postgres.new_database(), "--json")
    assert list(json.loads(again.out)) == ["commit"]


def test_a_vault_is_made_once(call, tmp_path):
    """Nothing is left where it cannot be made, and one that is there is not taken for a new one."""
    key = ("--key", "master.key")
    refused = call("vault", "make", "names.vault", *key, "--linking", "missing.key")
    assert (refused.code, "cannot be read" in refused.err) == (1, True)
    assert not [one.name for one in tmp_path.iterdir() if one.name.startswith(("names", "master"))]
    assert call("vault", "make", "names.vault", *key).code == 0
    again = call("vault", "make", "names.vault", *key)
    assert (again.code, "something already" in again.err) == (1, True)


def test_a_vault_is_made_filled_asked_and_rotated(call, type_in, tmp_path):
    """What is secret is asked for; nothing of it is an argument."""
    key = ("--key", "master.key")
    assert call("vault", "make", "names.vault", *key).code == 0
    type_in("Maija Meikäläinen\n1980-01-02\n\nMaija M.\nphone: 050 123\nemail: m@example.org\n\n")
    put = call("vault", "put", "names.vault", *key)
    assert put.code == 0, put.err
    person = put.out.strip()

    type_in("maija meikäläinen\n1980-01-02\n\n", piped=True)
    assert call("vault", "find", "names.vault", *key).out.strip() == person
    type_in("somebody else\n", piped=True)
    other = call("vault", "find", "names.vault", *key)
    assert (other.code, other.out) == (1, "")
    assert "somebody" not in other.err

    assert call("vault", "rotate", "names.vault", *key, "--new-key", "next.key").code == 0
    assert call("vault", "get", "names.vault", person, *key).code == 1
    key = ("--key", "next.key")
    got = call("vault", "get", "names.vault", person, *key, "--purpose", "to call")
    assert got.out == "Maija M.\nemail: m@example.org\nphone: 050 123\n"
    assert json.loads(call("vault", "get", "names.vault", person, *key, "--json").out) == {
        "name": "Maija M.",
        "contacts": {"email": "m@example.org", "phone": "050 123"},
    }
    assert call("vault", "verify", "names.vault", *key).code == 0
    journal = json.loads(call("vault", "journal", "names.vault", *key, "--json").out)["journal"]
    assert ("get", "to call", person) in {
        (one["operation"], one["purpose"], one["person"]) for one in journal
    }


def test_one_command_erases_facts_and_name(call, store, type_in):
    """The vault of the person's name is named beside the store."""
    call("vault", "make", "names.vault", "--key", "master.key")
    type_in("Anna\n\n")
    call("vault", "put", "names.vault", PERSON, "--key", "master.key")
    done = call("erase", store, PERSON, "--yes", "--vault", "names.vault", "--key", "master.key")
    assert done.code == 0, done.err
    assert "their name and contacts: gone" in done.out
    assert call("vault", "get", "names.vault", PERSON, "--key", "master.key").code == 1


@pytest.mark.parametrize(
    "address", ["postgresql://me:secret@localhost/x", "postgres:/me:secret@h/x"]
)
def test_an_address_where_a_file_belongs_is_never_printed(call, store, address):
    """What is no file there may be a password."""
    for words in (("restore", address, "new.db"), ("snapshot", store, address)):
        done = call(*words)
        assert done.code == 1
        assert "secret" not in done.out + done.err
        assert "name a file" in done.err
    assert not Path("new.db").exists()


def test_nothing_is_restored_into_what_ends_with_the_command(call, store):
    call("snapshot", store, "backup.db")
    done = call("restore", "backup.db", "memory:")
    assert (done.code, "gone when this command ends" in done.err) == (1, True)
