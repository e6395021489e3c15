"""The identity vault: who the people behind the pseudonyms are, and how they can be reached.

Each person's record is sealed under a random key of their own; that key is wrapped by a master key
from outside and stands in a second file (:mod:`osallisuus.vault.files`). Erasing a person destroys
the key, so that the record is gone from every backup of the first file too. Each access is written
into the vault's journal, in the same transaction and chained by digest; whose record it was stands
there under a keyed hash that nobody can tell any more when the key is gone.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from attrs import evolve

from osallisuus.errors import Problem
from osallisuus.ingest.pseudonyms import new_key, pseudonym
from osallisuus.model.columns import TYPES
from osallisuus.time import Clock
from osallisuus.vault.files import Files
from osallisuus.vault.identity import Identity, is_text
from osallisuus.vault.journal import Access, Journal
from osallisuus.vault.master import KeySource
from osallisuus.vault.ring import OWN, Ring, sealer_of
from osallisuus.vault.sealing import Sealer, VaultError, derived

__all__ = ["Vault"]


def _system_clock() -> datetime:
    return datetime.now(UTC)


class Vault:
    """Names and contacts by pseudonym, in the name of somebody and for a purpose.

    Open one with :meth:`open`. It is a context manager and serves one thread.
    """

    def __init__(
        self,
        files: Files,
        ring: Ring,
        linking: bytes | None,
        actor: str,
        purpose: str,
        clock: Clock,
    ) -> None:
        self.actor, self.purpose = actor, purpose
        self._files, self._ring, self._clock = files, ring, clock
        if not all(map(is_text, (actor, purpose))):
            raise self._error("actor and purpose are texts of some length", "name them in words")
        with files.writing():
            self._unlock(linking)
        with suppress(VaultError):  # such as no room: verify() tells it, and the next time may do
            files.clear()

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        keys: KeySource,
        actor: str = "unnamed",
        purpose: str = "unnamed",
        ring: str | Path | None = None,
        linking: bytes | None = None,
        create: bool = True,
        clock: Clock = _system_clock,
    ) -> Vault:
        """Open the vault at *path*, or make it if *create*.

        *keys* gives the master key: a :class:`~osallisuus.vault.KeyFile`, a
        :class:`~osallisuus.vault.KeyVariable`, or any callable. *ring* is the file of wrapped keys,
        by default ``PATH.keys``; back it up apart from the records. *linking* is the key of
        :mod:`osallisuus.ingest.pseudonyms` under which lists are imported, so that one name has one
        pseudonym here and there; a new vault keeps it sealed, or makes one. Raises
        :class:`VaultError` for another master key than the one it was made with, and for another
        *linking*.
        """
        master = sealer_of(keys)  # before a file is made
        records = Path(path)
        files = Files(records, Path(ring or f"{records}.keys"), create=create)
        try:
            return cls(files, Ring(files, master), linking, actor, purpose, clock)
        except BaseException:
            files.close()
            raise

    def _unlock(self, linking: bytes | None) -> None:
        """The key under which people are linked, and that of the journal; new ones if new."""
        # the entry of its making is written with the rest, so a half-made one is made anew
        new = not self._files.run("SELECT 1 FROM journal LIMIT 1")
        own = self._ring.make(OWN) if new else self._ring.key(OWN)
        if own is None:
            raise self._error("this key does not open the vault", "name the key it was made with")
        sealer = Sealer(own)
        if new:
            sealed = sealer.seal(linking or new_key(), self._files.name, "linking")
            self._files.run("INSERT INTO about VALUES ('linking', ?)", (sealed,))
        ((sealed,),) = self._files.run("SELECT value FROM about WHERE name = 'linking'")
        found = sealer.opened(sealed, self._files.name, "linking")
        if found is None:
            raise self._error("the vault was changed by somebody else", "take the last backup")
        if linking is not None and not hmac.compare_digest(linking, found):
            raise self._error(
                "the vault links people under another key", "open it without linking="
            )
        self._linking, self._journal = found, Journal(self._files, derived(own, "journal"))
        if new:
            self._note("make", "")

    # ---- people ----------------------------------------------------------------------------

    def link(self, external: str | Sequence[str], person: str | None = None) -> str:
        """The pseudonym of whoever is called *external*, remembered from now on.

        *external* is a name or other key, or parts of one; under the same linking key an import
        makes the same pseudonym of it. With *person* this pseudonym instead, such as for somebody
        who has come back after an erasure.
        """
        mark = self._mark(external)
        with self._writing():
            found = self._linked(mark)
            if found is None:
                found = mark if person is None else _checked(person)
                self._files.run("INSERT INTO links VALUES (?, ?)", (mark, found))
            elif person not in (None, found):
                raise self._error(
                    "this key is linked to somebody else", "erase that link's person first"
                )
            self._note("link", self._ring.who(found))
        return found

    def find(self, external: str | Sequence[str]) -> str | None:
        """The pseudonym of whoever is called *external*; ``None`` if the vault knows nobody."""
        mark = self._mark(external)
        with self._writing():
            found = self._linked(mark)
            if found is None and self._ring.holds(mark):
                found = mark
            self._note("find", "" if found is None else self._ring.who(found))
        return found

    def put(
        self, person: str, *, name: str | None = None, contacts: Mapping[str, str] | None = None
    ) -> None:
        """Keep a name, contacts or both of *person*; what is not given stays as it is."""
        _checked(person)
        with self._writing():
            before = self._read(person) or Identity()
            kept = Identity(
                name=before.name if name is None else name,
                contacts=before.contacts if contacts is None else contacts,
            )
            key = self._ring.key(person) or self._ring.make(person)
            sealed = Sealer(key).seal(kept.written(), self._files.name, person, "identity")
            self._files.run("INSERT OR REPLACE INTO records VALUES (?, ?)", (person, sealed))
            self._note("put", self._ring.who(person))

    def get(self, person: str) -> Identity | None:
        """The name and contacts of *person*; ``None`` if the vault has none.

        Raises :class:`VaultError` where the record was changed by somebody else.
        """
        _checked(person)
        with self._writing():
            found = self._read(person)
            self._note("get", "" if found is None else self._ring.who(person))
        return found

    def holds(self, person: str) -> bool:
        """Whether there is anything of *person*; nothing of it is read."""
        _checked(person)
        with self._writing():
            links = self._files.run("SELECT 1 FROM links WHERE person = ?", (person,))
            return bool(links) or self._ring.holds(person)

    def erase(self, person: str) -> bool:
        """Destroy the key, the record and the links of *person*; whether there were any.

        Both files are written anew, so that no byte of it is left in them. Where that cannot be
        done now it is an error, and done when somebody is erased or the vault is opened again.
        """
        found = self.holds(person)
        if found:
            with self._writing():
                self._note("erase", self._ring.who(person))
                for table in ("ring.keys", "records", "links"):
                    self._files.run(f"DELETE FROM {table} WHERE person = ?", (person,))
                self._files.owe()
        self._files.clear()  # also of what an earlier try has left
        return found

    # ---- the vault as a whole --------------------------------------------------------------

    def rotate(self, keys: KeySource) -> int:
        """Wrap every key under a new master key; how many people there are. One transaction.

        Other programs that have the vault open are refused from then on, until they open it anew.
        """
        with self._writing():
            self._ring.rotate(keys)
            people = len(self._ring.people())
            self._note("rotate", "")
            self._files.owe()
        with suppress(VaultError):  # the new key holds already, and an error would say it does not
            self._files.clear()
        return people

    def journal(self) -> Iterator[Access]:
        """Who did what, for what purpose, when and to whose record; oldest first."""
        with self._writing():
            whose = {self._ring.who(person): person for person in self._ring.people()}
            entries = list(self._journal.entries())
        for entry, who in entries:
            yield evolve(entry, person=whose.get(who))

    def verify(self) -> tuple[Problem, ...]:
        """What was changed by somebody who has not the keys: records, their keys, or the journal.

        Not that links were changed, nor that the end of the journal or all of the vault is that of
        an earlier moment: compare with a backup for that. What was deleted and is not cleared from
        the files yet is told as well.
        """
        with self._writing():
            owed = self._files.owed()
            people = [row[0] for row in self._files.run("SELECT person FROM records")]
            spoilt = sum(not self._is_sound(person) for person in people)
            problems = list(self._journal.verify())
        if spoilt:
            what = f"{spoilt} records were changed, or their keys are missing"
            problems.append(Problem(what, self._files.where, "take the last backup"))
        if owed:
            what = "the files are not cleared yet of what was deleted"
            problems.append(Problem(what, self._files.where, "make room, and open the vault again"))
        return tuple(problems)

    def close(self) -> None:
        """Let go of the files. Closing twice does nothing."""
        self._files.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Vault(actor={self.actor!r})"

    # ---- keys and journal ------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction; refused where another program has rotated the master key meanwhile.

        What were sealed under the old one nobody could open.
        """
        with self._files.writing():
            if self._ring.key(OWN) is None:
                raise self._error(
                    "the vault has another master key than when it was opened", "open it anew"
                )
            yield

    def _mark(self, external: str | Sequence[str]) -> str:
        parts = [external] if isinstance(external, str) else list(external)
        try:
            return pseudonym(self._linking, parts)
        except (ValueError, TypeError):
            pass
        raise self._error("an empty key names nobody", "give a name, or its parts")

    def _linked(self, mark: str) -> str | None:
        found = self._files.run("SELECT person FROM links WHERE mark = ?", (mark,))
        return str(found[0][0]) if found else None

    def _read(self, person: str) -> Identity | None:
        found = self._files.run("SELECT sealed FROM records WHERE person = ?", (person,))
        if not found:
            return None
        key = self._ring.key(person)
        content = key and Sealer(key).opened(found[0][0], self._files.name, person, "identity")
        if content is None:
            raise self._error(
                "this record was changed by somebody else, or its key is gone",
                "restore both files from backups of one moment",
            )
        return Identity.read(content or b"{}")

    def _is_sound(self, person: str) -> bool:
        try:
            return self._read(person) is not None
        except VaultError:
            return False

    def _note(self, operation: str, who: str) -> None:
        self._journal.note(self._clock(), self.actor, self.purpose, operation, who)

    def _error(self, what: str, remedy: str) -> VaultError:
        return VaultError(what, where=self._files.where, remedy=remedy)


def _checked(person: str) -> str:
    """*person* if it can be an id of a person."""
    check: Callable[[object], str] = TYPES["id"].check
    try:
        return check(person)
    except ValueError:
        pass
    raise VaultError("this is not an id", where="person", remedy="a name is never an id")
