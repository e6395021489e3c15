"""Names and contacts by pseudonym: sealed, erasable from backups, and every look remembered."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus.errors import PluginError
from osallisuus.ingest.pseudonyms import new_key, pseudonym
from osallisuus.vault import Identity, KeyFile, KeyVariable, Vault, VaultError
from tests.model import made

NAME, PHONE = "Maija Meikäläinen", "+358 50 1234567"
MOMENT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path):
    """A new master key in a file of its own."""
    (tmp_path / "kept").mkdir()
    return KeyFile(tmp_path / "kept" / "master.key").make()


@pytest.fixture
def place(tmp_path):
    """Where the vault is; nothing else is in that folder."""
    (tmp_path / "vault").mkdir()
    return tmp_path / "vault" / "names.vault"


def opened(place, keys, **options):
    return Vault.open(
        place, keys=keys, actor="coordinator", purpose="calling", clock=lambda: MOMENT, **options
    )


def raw(place):
    return b"".join(path.read_bytes() for path in Path(place).parent.rglob("*") if path.is_file())


def test_a_record_comes_back_as_it_was_and_stands_nowhere_in_clear(place, keys):
    """Also after opening anew; both files are for their owner only."""
    with opened(place, keys) as vault:
        person = vault.link(["Maija", "Meikäläinen", "1980-01-02"])
        vault.put(person, name=NAME, contacts={"phone": PHONE})
    with opened(place, keys) as vault:
        assert vault.get(person) == Identity(name=NAME, contacts={"phone": PHONE})
        vault.put(person, contacts={"email": "m@example.org"})
        assert vault.get(person).describe() == {
            "name": NAME,
            "contacts": {"email": "m@example.org"},
        }
        assert vault.get("p-nobody") is None
    content = raw(place)
    for word in (NAME, PHONE, "Maija", "1980-01-02", "example.org"):
        assert word.encode() not in content
    assert {path.stat().st_mode & 0o777 for path in place.parent.iterdir()} == {0o600}


def test_one_name_has_one_pseudonym_here_and_in_an_import(place, keys):
    """Under the same linking key; who is not there is not found, and looking makes nobody."""
    linking = new_key()
    with opened(place, keys, linking=linking) as vault:
        assert vault.find(NAME) is None
        assert vault.link(NAME) == pseudonym(linking, [NAME]) == vault.link(" maija  MEIKÄLÄINEN ")
        assert vault.find(NAME) == pseudonym(linking, [NAME])
        person = pseudonym(linking, ["Bo"])
        vault.put(person, name="Bo")
        assert vault.find("Bo") == person
        assert vault.link("Ci", "p-own") == "p-own" == vault.find("Ci")
        with pytest.raises(VaultError, match="somebody else"):
            vault.link("Ci", "p-other")
        with pytest.raises(VaultError, match="empty"):
            vault.find("  ")
    with pytest.raises(VaultError, match="another key"):
        opened(place, keys, linking=new_key())
    with opened(place, keys) as vault:
        assert vault.find(NAME) == pseudonym(linking, [NAME])


def test_who_is_erased_is_gone_from_the_files_and_from_old_backups_of_the_records(
    place, keys, tmp_path
):
    """A backup of the records opens nothing of theirs with the ring of now; others stay."""
    backup = tmp_path / "backup.vault"
    with opened(place, keys) as vault:
        for person in ("p-anna", "p-bo"):
            vault.put(vault.link(person, person), name=f"Name of {person}")
    shutil.copy(place, backup)
    with opened(place, keys) as vault:
        sealed = vault._files.run("SELECT sealed FROM records WHERE person = 'p-anna'")[0][0]
        wrapped = vault._files.run("SELECT wrapped FROM ring.keys WHERE person = 'p-anna'")[0][0]
        assert vault.erase("p-anna")
        assert not vault.erase("p-anna")
        assert (vault.get("p-anna"), vault.find("p-anna")) == (None, None)
        assert vault.get("p-bo").name == "Name of p-bo"
    content = raw(place)
    assert [b"p-anna" in content, sealed in content, wrapped in content] == [False] * 3
    assert b"p-bo" in content

    with opened(backup, keys, ring=f"{place}.keys") as old:
        assert sealed in backup.read_bytes()
        with pytest.raises(VaultError, match="its key is gone") as error:
            old.get("p-anna")
        assert "p-anna" not in str(error.value)
        assert old.get("p-bo").name == "Name of p-bo"


def test_of_many_no_byte_of_the_erased_is_left(place, keys):
    """Pages that were split leave copies of rows, which deleting alone would not reach."""
    people = [f"p-{sha256(b'%d' % n).hexdigest()[: 16 + n % 40]}" for n in range(1_000)]
    with opened(place, keys) as vault:
        with vault._files.writing():  # one transaction: only what is left on the disk matters here
            for number, person in enumerate(people):
                rows = (person, b"%d" % number * 90), (person, b"key%d" % number * 30)
                vault._files.run("INSERT INTO records VALUES (?, ?)", rows[0])
                vault._files.run("INSERT INTO ring.keys VALUES (?, ?)", rows[1])
        erased = people[::50]
        for person in erased:
            assert vault.erase(person)
        content = raw(place)
        assert [person for person in people if person.encode() in content] == [
            person for person in people if person not in erased
        ]


def test_every_access_is_remembered_with_whom_why_and_whose(place, keys):
    """Whose it was can be told as long as they are in the vault, and of nobody else after that."""
    with opened(place, keys) as vault:
        vault.put("p-anna", name="Anna")
        vault.put("p-bo", name="Bo")
        vault.get("p-anna")
        vault.find("Nobody")
        told = [(one.operation, one.person) for one in vault.journal()]
        assert told == [
            *[("make", None), ("put", "p-anna"), ("put", "p-bo")],
            *[("get", "p-anna"), ("find", None)],
        ]
        last = list(vault.journal())[-1]
        assert (last.actor, last.purpose, last.recorded_at) == ("coordinator", "calling", MOMENT)
        vault.erase("p-anna")
        told = [(one.operation, one.person) for one in vault.journal()]
        assert told == [
            *[("make", None), ("put", None), ("put", "p-bo")],
            *[("get", None), ("find", None), ("erase", None)],
        ]
        assert vault.verify() == ()


def test_another_master_key_opens_nothing(place, keys, tmp_path):
    """The error is ours, and what it comes from hangs nowhere."""
    with opened(place, keys) as vault:
        vault.put("p-anna", name="Anna")
    other = KeyFile(tmp_path / "other.key").make()
    with pytest.raises(VaultError, match="does not open") as error:
        opened(place, other)
    assert error.value.__context__ is None


def test_after_rotation_only_the_new_key_opens(place, keys, tmp_path):
    """Every record is there, and what was wrapped under the old key is in no file."""
    other = KeyFile(tmp_path / "other.key").make()
    with opened(place, keys) as vault:
        vault.put("p-anna", name="Anna")
        wrapped = [row[0] for row in vault._files.run("SELECT wrapped FROM ring.keys")]
        assert vault.rotate(other) == 1
        assert vault.get("p-anna").name == "Anna"
    assert not any(one in raw(place) for one in wrapped)
    with pytest.raises(VaultError):
        opened(place, keys)
    with opened(place, other) as vault:
        assert vault.get("p-anna").name == "Anna"
        assert vault.verify() == ()


@pytest.mark.parametrize(
    ("change", "finds"),
    [
        ("UPDATE records SET sealed = zeroblob(40) WHERE person = 'p-anna'", "records"),
        (
            "UPDATE records SET sealed = (SELECT sealed FROM records LIMIT 1 OFFSET 1)",
            "records",
        ),
        ("UPDATE journal SET actor = 'nobody' WHERE number = 2", "journal"),
        ("DELETE FROM journal WHERE number = 2", "journal"),
    ],
)
def test_what_somebody_changed_is_found(place, keys, change, finds):
    """A record that was spoilt or put in another's place, and a journal that was mended."""
    with opened(place, keys) as vault:
        vault.put("p-anna", name="Anna")
        vault.put("p-bo", name="Bo")
    with sqlite3.connect(place) as database:
        database.execute(change)
    database.close()
    with opened(place, keys) as vault:
        (problem,) = vault.verify()
        assert finds in problem.what
        assert "anna" not in str(problem)
        if finds == "records":
            with pytest.raises(VaultError, match="changed"):
                vault.get("p-anna")


def test_a_half_made_vault_is_made_anew(place, keys):
    """What is stopped before its first entry is written leaves no vault that nobody can open."""
    with opened(place, keys):
        pass
    with sqlite3.connect(place) as database:
        database.execute("DELETE FROM journal")
        database.execute("DELETE FROM about WHERE name = 'linking'")
    database.close()
    with opened(place, keys) as vault:
        vault.put("p-anna", name="Anna")
        assert vault.get("p-anna").name == "Anna"


def test_refusals_name_the_remedy_and_make_no_file(place, keys, tmp_path, monkeypatch):
    """A missing key, one that others can read, a short one, a missing half, a stranger's file."""
    monkeypatch.delenv("OSALLISUUS_VAULT_KEY", raising=False)
    loose = KeyFile(tmp_path / "loose.key").make()
    Path(loose.path).chmod(0o644)
    for source in (KeyVariable(), KeyFile(tmp_path / "none.key"), loose, lambda: b"short"):
        with pytest.raises(VaultError) as error:
            opened(place, source)
        assert error.value.problems[0].remedy
        assert list(place.parent.iterdir()) == []
    with pytest.raises(VaultError, match="there is no vault"):
        opened(place, keys, create=False)
    with opened(place, keys):
        pass
    Path(f"{place}.keys").rename(tmp_path / "away")
    with pytest.raises(VaultError, match="missing"):
        opened(place, keys)
    with osa.open(str(tmp_path / "facts.db")), pytest.raises(VaultError, match="not a vault"):
        opened(tmp_path / "facts.db", keys, ring=tmp_path / "away")


def test_the_key_may_come_from_the_environment(place, monkeypatch):
    """As a secret manager gives it to one process."""
    monkeypatch.setenv("OSALLISUUS_VAULT_KEY", new_key().decode())
    with opened(place, KeyVariable()) as vault:
        vault.put("p-anna", name="Anna")
        assert vault.get("p-anna").name == "Anna"


def test_a_stranger_to_the_ring_is_told(place, keys, tmp_path):
    """The file of keys of another vault opens nothing, under the same master key too."""
    other = tmp_path / "other.vault"
    for one in (place, other):
        with opened(one, keys) as vault:
            vault.put("p-anna", name="Anna")
    with pytest.raises(VaultError, match="another vault"):
        opened(place, keys, ring=f"{other}.keys")


def test_nothing_shows_what_it_holds(place, keys):
    """Neither the vault, nor an identity, nor an error about one."""
    with opened(place, keys) as vault:
        vault.put("p-anna", name=NAME, contacts={"phone": PHONE})
        shown = repr(vault) + repr(vault.get("p-anna")) + str(vault.get("p-anna"))
        for bad in (
            {"name": "x" * 2_000},
            {"name": ""},
            {"name": 5},
            {"contacts": {"a": 5}},
            {"name": "x\udc80"},
        ):
            with pytest.raises(VaultError) as error:
                vault.put("p-anna", **bad)
            shown += str(error.value) + repr(error.value.args)
        for asked in (lambda: vault.put(NAME, name="x"), lambda: vault.get(NAME + "\udc80")):
            with pytest.raises(VaultError) as error:
                asked()
            shown += str(error.value) + repr(error.value.__context__)
        assert vault.get("p-anna").name == NAME
    for word in (NAME, PHONE, "xx"):
        assert word not in shown


def test_without_the_extra_the_error_names_the_command(place, keys, monkeypatch):
    """And no file is made."""
    monkeypatch.setitem(__import__("sys").modules, "cryptography.exceptions", None)
    monkeypatch.setitem(
        __import__("sys").modules, "cryptography.hazmat.primitives.ciphers.aead", None
    )
    with pytest.raises(PluginError) as error:
        opened(place, keys)
    assert error.value.problems[0].remedy == "python -m pip install 'osallisuus[crypto]'"
    assert not place.exists()


def test_one_call_erases_facts_and_name(place, keys):
    """And the receipt says so; again it finds nothing in either."""
    with (
        osa.open("memory:", actor="coordinator") as register,
        opened(place, keys) as vault,
    ):
        register.add([made.one("people", id="p-anna")])
        vault.put("p-anna", name="Anna")
        assert register.erase("p-anna", vault=vault, dry_run=True).vault
        assert vault.get("p-anna") is not None

        receipt = register.erase("p-anna", vault=vault)
        assert (receipt.vault, receipt.taken) == (True, {"people": 1})
        assert vault.get("p-anna") is None
        assert not register.erase("p-anna", vault=vault).found

        vault.put("p-only", name="Never came")
        assert register.erase("p-only", vault=vault).found
