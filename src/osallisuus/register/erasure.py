"""Taking a person out of a store for good, and the receipt that says what was done and what is left.

Three steps, each of which may be repeated: what is the person's is found and taken out in one
commit; the files are cleared of its bytes; the record in an identity vault goes with its key. After
a stop at any point the same call, or :meth:`Erasure.finish_erasure`, goes on where it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import field

from osallisuus.errors import ErasureError, Problem, VersionConflict
from osallisuus.model.columns import TYPES
from osallisuus.model.store import SOMEONE, Act, Entry
from osallisuus.register.measures import Measures
from osallisuus.values import frozen

if TYPE_CHECKING:
    from osallisuus.rules.erasing import Traces
    from osallisuus.vault import Vault

__all__ = ["Erasure", "ErasureReceipt"]

_LATER: Final = "the files are not cleared yet: finish_erasure() does it"
_TRIES: Final = 20
"""How often it is tried anew because somebody wrote between finding and taking out."""


@frozen(kw_only=True)
class ErasureReceipt:
    """What erasing a person did: counts and words, never an id.

    It can be checked again: the journal's entry of :attr:`commit` has :attr:`digest`, which
    ``verify()`` computes anew, and erasing the same id with ``dry_run=True`` finds nothing.
    """

    dry_run: bool = False
    taken: Mapping[str, int] = field(factory=dict)
    """Table -> facts of the person's that went with every revision."""
    shortened: Mapping[str, int] = field(factory=dict)
    """Table -> facts of others that were once recorded as the person's: their earlier revisions
    went."""
    named: Mapping[str, int] = field(factory=dict)
    """Table -> facts of others that name someone where they named the person."""
    free_texts: Mapping[str, int] = field(factory=dict)
    """Table -> free texts of others that stay. Only a reader can know of whom they speak."""
    commit: int = 0
    """The commit that took the facts out; 0 where there was nothing to take out."""
    digest: str = ""
    """The digest of its journal entry; empty in a store without a journal."""
    pending: tuple[str, ...] = ()
    """What could not be cleared from the files now, and why."""
    vault: bool = False
    """Whether a vault held a record of the person, which is gone with its key."""
    beyond: tuple[Problem, ...] = ()
    """Where bytes may remain outside the reach of the store, and what to do there."""

    @property
    def found(self) -> bool:
        """Whether there was anything: nothing is recorded under an id that was erased before."""
        return bool(self.taken or self.shortened or self.named or self.vault)

    @property
    def cleared(self) -> bool:
        """Whether every byte is gone from the files of the store."""
        return not self.dry_run and not self.pending

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values, such as for JSON."""
        return {
            "dry_run": self.dry_run,
            "found": self.found,
            "taken": dict(self.taken),
            "shortened": dict(self.shortened),
            "named": dict(self.named),
            "free_texts": dict(self.free_texts),
            "commit": self.commit,
            "digest": self.digest,
            "cleared": self.cleared,
            "pending": list(self.pending),
            "vault": self.vault,
            "beyond": [
                {"what": one.what, "where": one.where, "remedy": one.remedy} for one in self.beyond
            ],
        }


class Erasure(Measures):
    """Erasing people; nothing of it asks for or shows anything but the id that it is given."""

    def erase(
        self,
        person: str,
        *,
        reason: str = "erasure",
        vault: Vault | None = None,
        dry_run: bool = False,
        finish: bool = True,
    ) -> ErasureReceipt:
        """Take *person* out of the store, of its history and of its files, and out of *vault*.

        What is theirs goes with every revision, facts of others name someone instead, and no fact
        of theirs can be added again (:mod:`osallisuus.rules.erasing`). Released figures stand:
        they name nobody. An id under which nothing is recorded gives a receipt that has found
        nothing, so that erasing twice does no harm; what an earlier erasure left unfinished is
        finished. *dry_run* changes nothing and says what would be. Without *finish* the files are
        left to :meth:`finish_erasure`: rewriting them once serves many erasures.

        Raises :class:`ErasureError` where the register is one as known earlier, where its store
        cannot erase, and where *reason*, which stays in the journal, holds the id.
        :class:`~osallisuus.errors.VersionConflict`: others kept writing; nothing was erased.
        """
        from osallisuus.rules.erasing import free_texts, traces_of

        self._refuse_erasing()
        _refuse_person(person, reason)
        act = self._act(reason)
        if dry_run:
            traces, entry = traces_of(self.store, person), None
        else:
            traces, entry = self._take_out(person, act)
        return ErasureReceipt(
            dry_run=dry_run,
            taken=_counts(traces.taken),
            shortened=_counts(traces.shortened),
            named=_counts(traces.named),
            free_texts=free_texts(self.store, apart_from=traces.taken) if traces else {},
            commit=0 if entry is None else entry.tx,
            digest="" if entry is None else entry.digest,
            pending=() if dry_run else self._clear(finish),
            vault=_out_of_vault(vault, person, dry_run=dry_run),
            beyond=tuple(self._beyond(person)) if traces else (),
        )

    def finish_erasure(self) -> tuple[str, ...]:
        """Clear the files of what was erased, as far as it is not done yet.

        What could not be done now, in words with its reason; nothing if all is done. Safe to call
        at any time, such as every night.
        """
        self._refuse_erasing()
        return self.store.finish_erasure() if self.store.unfinished_erasures() else ()

    def _clear(self, finish: bool) -> tuple[str, ...]:
        if finish:
            return self.finish_erasure()
        return (_LATER,) if self.store.unfinished_erasures() else ()

    def _take_out(self, person: str, act: Act) -> tuple[Traces, Entry | None]:
        """One commit, or none where there is nothing; anew if somebody wrote meanwhile."""
        from osallisuus.rules.erasing import traces_of

        left = _TRIES
        while True:
            after = self.store.head()
            traces = traces_of(self.store, person)
            if not traces:
                return traces, None
            try:
                self.store.erase(person, traces.taken, act, earlier=traces.shortened, after=after)
            except VersionConflict:
                left -= 1
                if not left:
                    raise
            else:
                self.engines.close()  # a copy that an engine holds has the person in it
                # nothing was written between, so this is the number of the commit
                made = (entry for entry in self.store.journal() if entry.tx == after + 1)
                return traces, next(made, None)

    def _refuse_erasing(self) -> None:
        if self._known is not None:
            raise ErasureError(
                "a register as known earlier is read-only", remedy="erase in the register of now"
            )
        if "erase" not in self.store.capabilities:
            raise ErasureError(
                "this store cannot erase",
                remedy="erase in the store that the facts come from, and write this one anew",
            )

    def _beyond(self, person: str) -> Iterator[Problem]:
        """Where bytes of the person may be that no store can reach."""
        entries = list(self.store.journal())
        told = sum(
            any(_mentions(text, person) for text in (one.actor, one.purpose, one.reason, one.key))
            for one in entries
        )
        if told:
            yield Problem(
                f"{told} entries of the journal hold the id in words that somebody wrote",
                "journal",
                "give actors and keys other names than the ids of people; the journal cannot be"
                " changed",
            )
        for operation, what, remedy in _LEFT:
            made = [entry for entry in entries if entry.operation == operation]
            if made:
                last = made[-1].recorded_at.date()
                yield Problem(f"{what}: {len(made)}, the last on {last}", "journal", remedy)
        yield Problem(
            "backups, snapshots and copies of the store",
            "where you keep them",
            "let them expire, or restore them and erase again before they are used",
        )
        yield Problem(
            "replicas and archived write-ahead logs of a database server, and what a disk keeps of"
            " blocks that were written over",
            "the server and its disks",
            "let archives expire; keep the disk encrypted",
        )
        released = sum(1 for _ in self.store.publications())
        if released:
            yield Problem(
                f"released results stand: {released}", "ledger", "nothing to do: they name nobody"
            )


_LEFT: Final = (
    (
        "export",
        "exports of facts that were made from this store",
        "have whoever received them delete them, and make them anew",
    ),
    (
        "sync",
        "publications to sinks",
        "sync each sink again: it takes the person out there too",
    ),
    (
        "own_copy",
        "copies for people about whom something is recorded",
        "they belong to whom they were given",
    ),
)
"""Operations of the journal by which facts left, what they left, and what to do there."""


def _refuse_person(person: str, reason: str) -> None:
    if person == SOMEONE:
        raise ErasureError(
            "this id stands for people who were erased already",
            where="person",
            remedy="name the id of one person",
        )
    if not _is_id(person):
        raise ErasureError("this is not an id", where="person", remedy="a name is never an id")
    if _mentions(reason, person):
        raise ErasureError(
            "the reason holds the id, and the journal would keep it",
            where="reason",
            remedy="say why, and not of whom",
        )


def _is_id(person: object) -> bool:
    try:
        TYPES["id"].check(person)
    except ValueError:
        return False
    return True


def _out_of_vault(vault: Vault | None, person: str, *, dry_run: bool) -> bool:
    if vault is None:
        return False
    return vault.holds(person) if dry_run else vault.erase(person)


def _mentions(text: str | None, person: str) -> bool:
    """Whether the id stands in *text* as a word of its own."""
    whole = rf"(?<![A-Za-z0-9]){re.escape(person)}(?![A-Za-z0-9])"
    return text is not None and re.search(whole, text) is not None


def _counts(ids: Mapping[str, frozenset[str]]) -> dict[str, int]:
    return {table: len(of) for table, of in ids.items()}
