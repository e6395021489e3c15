"""Taking a person out of a store for good, and the receipt that says what was done and what is left.

Three steps, each of which may be repeated: what is the person's is found and taken out in one
commit; the files are cleared of its bytes; the record in an identity vault goes with its key. After
a stop at any point the same call, or :meth:`Erasure.finish_erasure`, goes on where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    renamed: Mapping[str, int] = field(factory=dict)
    """Table -> facts of others whose own id held the person's: they have another one."""
    free_texts: Mapping[str, int] = field(factory=dict)
    """Table -> free texts of others that stay. Only a reader can know of whom they speak."""
    commit: int = 0
    """The commit that took the facts out; 0 where there was nothing to take out."""
    digest: str = ""
    """The digest of its journal entry; empty in a store without a journal."""
    kept: int = 0
    """In how many places of the store the id still stands, since nothing there is ever changed:
    entries of the journal, released results, and ids of other people."""
    pending: tuple[str, ...] = ()
    """What could not be cleared from the files now, and why."""
    vault: bool = False
    """Whether a vault held a record of the person, which is gone with its key."""
    beyond: tuple[Problem, ...] = ()
    """Where bytes may remain outside the reach of the store, and what to do there."""

    @property
    def found(self) -> bool:
        """Whether there was anything: nothing is recorded under an id that was erased before."""
        return bool(self.taken or self.shortened or self.named or self.renamed or self.vault)

    @property
    def cleared(self) -> bool:
        """Whether every byte is gone from the files of the store, but for texts of others."""
        return not self.dry_run and not self.pending and not self.kept

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values, such as for JSON."""
        return {
            "dry_run": self.dry_run,
            "found": self.found,
            "taken": dict(self.taken),
            "shortened": dict(self.shortened),
            "named": dict(self.named),
            "renamed": dict(self.renamed),
            "free_texts": dict(self.free_texts),
            "commit": self.commit,
            "digest": self.digest,
            "kept": self.kept,
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

        What is theirs goes with every revision, facts of others name someone instead, ids of such
        facts that hold the person's are made anew, and no fact of theirs can be added again
        (:mod:`osallisuus.rules.erasing`). Released figures stand:
        they name nobody. An id under which nothing is recorded gives a receipt that has found
        nothing, so that erasing twice does no harm; what an earlier erasure left unfinished is
        finished. *dry_run* changes nothing and says what would be. Without *finish* the files are
        left to :meth:`finish_erasure`: rewriting them once serves many erasures.

        Raises :class:`ErasureError` where the register is one as known earlier, where its store
        cannot erase, and where the reason, the actor or the purpose, which stay in the journal,
        hold the id.
        :class:`~osallisuus.errors.VersionConflict`: others kept writing; nothing was erased.
        """
        from osallisuus.rules.erasing import free_texts, traces_of
        from osallisuus.rules.unreached import beyond, kept_in

        self._refuse_erasing()
        act = self._act(reason)
        _refuse_person(person, act)
        if dry_run:
            traces, entry = traces_of(self.store, person), None
        else:
            traces, entry = self._take_out(person, act)
        kept = tuple(kept_in(self.store, person))
        return ErasureReceipt(
            dry_run=dry_run,
            taken=_counts(traces.taken),
            shortened=_counts(traces.shortened),
            named=_counts(traces.named),
            renamed=_counts(traces.renamed),
            kept=sum(count for count, _ in kept),
            free_texts=free_texts(self.store, apart_from=traces.taken) if traces else {},
            commit=0 if entry is None else entry.tx,
            digest="" if entry is None else entry.digest,
            pending=() if dry_run else self._clear(finish),
            vault=_out_of_vault(vault, person, dry_run=dry_run),
            beyond=(*(told for _, told in kept), *beyond(self.store)) if traces else (),
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
                self.store.erase(
                    person,
                    traces.taken,
                    act,
                    earlier=traces.shortened,
                    renamed=frozenset().union(*traces.renamed.values()),
                    after=after,
                )
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


def _refuse_person(person: str, act: Act) -> None:
    from osallisuus.rules.erasing import mentions

    if person == SOMEONE:
        raise ErasureError(
            "this id stands for people who were erased already",
            where="person",
            remedy="name the id of one person",
        )
    if not _is_id(person):
        raise ErasureError("this is not an id", where="person", remedy="a name is never an id")
    for where, text, remedy in (
        ("reason", act.reason, "say why, and not of whom"),
        ("actor", act.actor, "let somebody else erase, under a name that is no id of a person"),
        ("purpose", act.purpose, "say for what, and not of whom"),
    ):
        if mentions(text, person):
            raise ErasureError(
                f"the {where} holds the id, and the journal would keep it",
                where=where,
                remedy=remedy,
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


def _counts(ids: Mapping[str, frozenset[str]]) -> dict[str, int]:
    return {table: len(of) for table, of in ids.items()}
