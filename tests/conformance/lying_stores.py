"""Stores that break one promise each, and keep all others."""

import shutil
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from attrs import evolve

from osallisuus.errors import Problem, StoreBusy, StoreError, VersionConflict
from osallisuus.model.batch import Batch
from osallisuus.model.columns import FreeText
from osallisuus.model.facts import TABLES
from osallisuus.model.store import SOMEONE, Act, Change
from osallisuus.stores.memory import MemoryStore
from osallisuus.stores.sqlite import SQLiteStore
from osallisuus.stores.sqlite_reading import SQLiteReader

ACT = Act("liar", "p", "r")
OPEN = set()
"""The places that this process has open."""


class Staying(MemoryStore):
    """One that is not moved: what it says wrongly would be wrong in every copy as well."""

    capabilities = MemoryStore.capabilities - {"snapshot", "restore"}


def facts_of(batch):
    return [fact for facts in batch.rows.values() for fact in facts]


# Writing and reading ------------------------------------------------------------------------------


class TidiesWordsUp(Staying):
    breaks = "test_facts_come_back_as_they_went_in"

    def scan(self, kind, **options):
        for part in super().scan(kind, **options):
            yield [self._tidied(fact) for fact in part]

    def _tidied(self, fact):
        texts = {
            name: FreeText("".join(sign if sign.isalnum() else " " for sign in value))
            for name, value in fact.describe().items()
            if isinstance(value, FreeText)
        }
        return evolve(fact, **texts)


class CountsNothingAsUnchanged(Staying):
    breaks = "test_a_fact_is_added_revised_or_left"

    def append(self, batch, act, **options):
        done = super().append(batch, act, **options)
        return evolve(done, unchanged=0) if done.added else done


class CommitsNothing(Staying):
    breaks = "test_nothing_new_is_no_commit"

    def append(self, batch, act, *, key=None, expect=None):
        done = super().append(batch, act, key=key, expect=expect)
        return done if done.added or done.revised or key else self._noted(done, act)

    def _noted(self, done, act):
        return evolve(done, tx=self.note("append", act).tx)


class AnswersWithTheHead(Staying):
    breaks = "test_the_same_key_is_the_same_append"

    def append(self, batch, act, **options):
        return evolve(super().append(batch, act, **options), tx=self.head())


class HoldsEqualWhatPythonDoes(Staying):
    breaks = "test_another_instant_of_the_same_wall_clock_is_a_revision"

    def append(self, batch, act, **options):
        rows = {
            table: [fact for fact in facts if self._now(table, fact.id) != fact]
            if table == "sessions"
            else facts
            for table, facts in batch.rows.items()
        }
        return super().append(Batch(rows), act, **options)


class SortsIdsWithoutCase(Staying):
    breaks = "test_a_scan_is_in_the_order_of_ids"

    def scan(self, kind, *, known_at=None, batch=20_000):
        every = [f for part in super().scan(kind, known_at=known_at) for f in part]
        every.sort(key=lambda fact: fact.id.lower())
        yield from (every[start : start + batch] for start in range(0, len(every), batch))


class GivesAllAtOnce(Staying):
    breaks = "test_a_scan_comes_in_lists_of_the_asked_size"

    def scan(self, kind, *, known_at=None, batch=20_000):
        return super().scan(kind, known_at=known_at)


class LocksWhileItIsRead(Staying):
    breaks = "test_a_scan_may_be_left_in_the_middle"
    reading = 0

    def scan(self, kind, **options):
        self.reading += 1
        yield from super().scan(kind, **options)
        self.reading -= 1

    def append(self, batch, act, **options):
        if self.reading:
            raise StoreBusy("somebody is reading")
        return super().append(batch, act, **options)


class KnowsIdsOfAnyTable(Staying):
    breaks = "test_known_ids_are_those_of_the_table"

    def known_ids(self, table, ids):
        return {one for of in TABLES for one in super(KnowsIdsOfAnyTable, self).known_ids(of, ids)}


class TakesTheLastOfTwo(Staying):
    breaks = "test_an_id_twice_stores_nothing"

    def append(self, batch, act, **options):
        rows = {
            of: list({one.id: one for one in facts}.values()) for of, facts in batch.rows.items()
        }
        return super().append(Batch(rows), act, **options)


class KeepsWhatItHasRead(Staying):
    breaks = "test_a_batch_that_breaks_off_stores_nothing"

    def append(self, batch, act, **options):
        read = []
        try:
            for facts in batch.rows.values():
                read += facts
        except Exception:
            super().append(Batch.of(read[:1]), act)
            raise
        return super().append(batch, act, **options)


class StoresBeforeItAsksTheTime(Staying):
    breaks = "test_a_clock_that_fails_stores_nothing"

    def append(self, batch, act, **options):
        try:
            return super().append(batch, act, **options)
        except RuntimeError:
            for fact in facts_of(batch):
                history = self._tables[fact.table.name].setdefault(fact.id, [])
                history.append((self.head() + 1, fact))
            raise


class WritesWhatCanBeWritten(Staying):
    breaks = "test_words_that_no_store_can_hold_are_refused"

    def append(self, batch, act, *, key=None, expect=None):
        act = Act(*(_writable(text) for text in (act.actor, act.purpose, act.reason)))
        return super().append(batch, act, key=key and _writable(key), expect=expect)


def _writable(text):
    return text.encode(errors="ignore").decode().replace("\x00", "")


class SaysWhoWasRefused(Staying):
    breaks = "test_errors_are_ours_and_hold_no_value"

    def append(self, batch, act, **options):
        try:
            return super().append(batch, act, **options)
        except StoreError as error:
            raise type(error)(f"refused: {[one.id for one in facts_of(batch)]}") from None


class ClosesOnce(Staying):
    breaks = "test_closing_twice_does_nothing"
    closed = False

    def close(self):
        if self.closed:
            raise StoreError("it is closed")
        self.closed = True


class ForgetsEarlierKeys(SQLiteStore):
    breaks = "test_a_store_opened_again_holds_the_same"

    @classmethod
    def open(cls, place, **options):
        store = super().open(place, **options)
        store.begun = store.head()
        return store

    def append(self, batch, act, *, key=None, **options):
        done = super().append(batch, act, key=key, **options)
        return evolve(done, tx=0) if key and done.tx <= self.begun else done


class WritesWhenItIsClosed(SQLiteStore):
    breaks = "test_what_was_acknowledged_is_there_after_the_process_ends"

    @classmethod
    def open(cls, place, **options):
        if place in OPEN:
            raise StoreBusy("somebody has it open")
        copy = f"{place}.{uuid4()}.db"
        if Path(place).exists():
            shutil.copy(place, copy)
        store = super().open(copy, **options)
        store.place = place
        OPEN.add(place)
        return store

    def close(self):
        super().close()
        if self.place in OPEN:
            Path(self.where).replace(self.place)
            OPEN.remove(self.place)


class LooksOnlyWhenItIsOpened(SQLiteStore):
    breaks = "test_what_another_has_committed_is_seen"
    begun = None

    @classmethod
    def open(cls, place, **options):
        store = super().open(place, **options)
        if place in OPEN:
            store.begun = store.head()
        OPEN.add(place)
        return store

    def scan(self, kind, *, known_at=None, **options):
        return super().scan(kind, known_at=self.begun if known_at is None else known_at, **options)

    def close(self):
        super().close()
        OPEN.discard(self.where)


class MakesWhatWasMistyped(SQLiteStore):
    breaks = "test_where_nothing_is_nothing_is_made_unasked"

    @classmethod
    def open(cls, place, *, clock, create=True):
        return super().open(place, clock=clock)


class FindsEverythingSound(SQLiteStore):
    breaks = "test_damage_is_found"

    def verify(self):
        return ()


# History ------------------------------------------------------------------------------------------


class TakesNoCommitForNow(Staying):
    breaks = "test_what_was_known_stays_readable"

    def scan(self, kind, *, known_at=None, **options):
        return super().scan(kind, known_at=known_at or None, **options)


class TellsTheNewestFirst(Staying):
    breaks = "test_revisions_come_by_id_and_the_oldest_first"

    def revisions(self, table, ids):
        for one in sorted(set(ids)):
            yield from [*super().revisions(table, [one])][::-1]


class LooksBeforeTheMoment(Staying):
    breaks = "test_a_moment_leads_to_its_commit"

    def tx_at(self, moment):
        return sum(entry.recorded_at < moment for entry in self._entries)


class TrustsTheClock(Staying):
    breaks = "test_a_number_orders_commits_and_not_the_clock"

    def _now(self, table, fact_id, upto=None):
        times = {entry.tx: entry.recorded_at for entry in self._entries}
        history = [
            one for one in self._tables[table].get(fact_id, ()) if upto is None or one[0] <= upto
        ]
        history.sort(key=lambda one: (times[one[0]], one[0]))
        return history[-1][1] if history else None


class KnowsAVersionOfNothing(Staying):
    breaks = "test_a_version_is_the_commit_that_wrote_what_holds"

    def versions(self, table, ids):
        nothing = dict.fromkeys(ids, 0) if len(ids) > 1 else {}
        return nothing | super().versions(table, ids)

    def known_ids(self, table, ids):
        return {one for one in ids if super(KnowsAVersionOfNothing, self).versions(table, [one])}


class RefusesWhatIsNotThere(Staying):
    breaks = "test_a_writer_who_saw_the_last_version_may_write"

    def append(self, batch, act, *, expect=None, **options):
        if expect and 0 in expect.values():
            raise VersionConflict("there is no such fact")
        return super().append(batch, act, expect=expect, **options)


class BelievesTheFuture(Staying):
    breaks = "test_a_stale_write_is_refused_and_stores_nothing"

    def append(self, batch, act, *, expect=None, **options):
        now = {key: self.versions(key[0], [key[1]]).get(key[1], 0) for key in expect or {}}
        expect = {key: tx for key, tx in (expect or {}).items() if tx <= now[key]}
        return super().append(batch, act, expect=expect, **options)


class TakesBackUnseen(Staying):
    breaks = "test_a_stale_taking_back_is_refused"

    def void(self, ids, act, *, expect=None):
        return super().void(ids, act)


class CountsWhatWasAsked(Staying):
    breaks = "test_what_was_taken_back_holds_no_more"

    def void(self, ids, act, **options):
        super().void(ids, act, **options)
        return sum(map(len, ids.values()))


class TellsNothingOfWhatWasTakenBack(Staying):
    breaks = "test_what_was_taken_back_is_known_as_of_before"

    def revisions(self, table, ids):
        return super().revisions(table, self.known_ids(table, ids))


class NeverTakesItAgain(Staying):
    breaks = "test_what_was_taken_back_may_be_added_again"

    def append(self, batch, act, **options):
        for table, facts in batch.rows.items():
            for fact in facts:
                if self._tables[table].get(fact.id, [(0, fact)])[-1][1] is None:
                    raise StoreError("it was taken back")
        return super().append(batch, act, **options)


class TellsWhatCameAndWent(Staying):
    breaks = "test_changes_tell_exactly_what_is_otherwise_than_then"

    def changes(self, after, **options):
        yield from super().changes(after, **options)
        for table, known in self._tables.items():
            gone = {one for one, of in known.items() if of[-1][1] is None and of[-1][0] > after}
            if gone:
                yield Change(table, removed=frozenset(gone))


class ForgetsThePurpose(Staying):
    breaks = "test_each_commit_says_who_did_what_and_when"

    def append(self, batch, act, **options):
        return super().append(batch, evolve(act, purpose=""), **options)


class BreaksTheChain(Staying):
    breaks = "test_the_journal_is_a_chain"

    def journal(self):
        return (evolve(one, previous="") if one.tx == 3 else one for one in self._entries)


class WritesPeopleIntoTheJournal(Staying):
    breaks = "test_the_journal_holds_no_person"

    def append(self, batch, act, **options):
        if "answers" in batch.rows and "people" in batch.rows:
            act = evolve(act, reason=f"{[one.id for one in batch.rows['people']]}")
        return super().append(batch, act, **options)


class NotesInItsOwnWords(Staying):
    breaks = "test_a_note_is_a_commit_that_changes_nothing"

    def note(self, operation, act):
        return super().note("note", act)


class TakesVoidsForDamage(Staying):
    breaks = "test_a_sound_store_is_found_sound"

    def verify(self):
        gone = any(of[-1][1] is None for known in self._tables.values() for of in known.values())
        return (Problem("a fact is missing"),) if gone else super().verify()


class WritesReleasesAnew(Staying):
    breaks = "test_releases_are_numbered_and_come_back_as_they_were"

    def publications(self):
        return (evolve(one, content=ascii(one.content)[1:-1]) for one in self._publications)


class TakesLateReleases(Staying):
    breaks = "test_a_release_that_missed_another_is_not_kept"

    def publish(self, content, *, after, **said):
        return super().publish(content, after=max(after, len(self._publications)), **said)


class CommitsReleases(Staying):
    breaks = "test_a_release_is_no_commit"

    def publish(self, content, **said):
        done = super().publish(content, **said)
        self.note("publish", ACT)
        return done


class CopiesOnlyWhatHolds(SQLiteStore):
    breaks = "test_a_snapshot_holds_all_that_is_known"

    def snapshot(self, target):
        if target.exists():
            raise StoreError("there is a file already")
        every = [f for t in TABLES.values() for part in self.scan(t.record) for f in part]
        entry = next(iter(self.journal()))
        with closing(SQLiteStore.open(str(target), clock=lambda: entry.recorded_at)) as copy:
            copy.append(Batch.of(every), ACT)
        return self.head()


class WritesIntoItsCopies(SQLiteStore):
    breaks = "test_a_snapshot_does_not_see_what_is_written_later"
    copy = None

    def snapshot(self, target):
        done = super().snapshot(target)
        self.copy = target
        return done

    def append(self, batch, act, **options):
        done = super().append(batch, act, **options)
        if self.copy:
            moment = [*self.journal()][-1].recorded_at
            with closing(SQLiteStore.open(str(self.copy), clock=lambda: moment)) as copy:
                copy.append(batch, act)
        return done


class TakesAnyPlace(SQLiteStore):
    breaks = "test_a_snapshot_takes_nobodys_place"

    def snapshot(self, target):
        target.unlink(missing_ok=True)
        return super().snapshot(target)


class ForgetsTheLedgerOnTheWay(SQLiteStore):
    breaks = "test_what_was_restored_is_all_that_the_other_store_knew"

    def publications(self):
        restored = any(entry.operation == "restore" for entry in self.journal())
        return iter(()) if restored else super().publications()


class ForgetsWhoWasErased(MemoryStore):
    breaks = "test_who_was_erased_before_does_not_come_back_after"

    def restore(self, source, act, **options):
        done = super().restore(source, act, **options)
        self._erased = set()
        return done


class TakesInMoreThanOnce(MemoryStore):
    breaks = "test_a_store_that_holds_anything_takes_in_nothing"

    def restore(self, source, act, **options):
        self._entries = []
        return super().restore(source, act, **options)


class BelievesASnapshot(SQLiteStore):
    breaks = "test_what_is_no_snapshot_is_not_taken_in"

    def restore(self, source, act, **options):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(SQLiteReader, "verify", lambda store: ())
            return super().restore(source, act, **options)


# Forgetting and erasing ---------------------------------------------------------------------------


class ForgetsMoreThanItHas(Staying):
    breaks = "test_what_is_forgotten_is_gone_and_nothing_else"

    def forget(self, table, ids, act):
        return super().forget(table, ids, act) and len(ids)


class CommitsForgettingNothing(Staying):
    breaks = "test_forgetting_nothing_is_no_commit"

    def forget(self, table, ids, act):
        return super().forget(table, ids, act) or self.note("forget", act).added


class RemembersHowItBegan(Staying):
    breaks = "test_earlier_revisions_are_forgotten_too"

    def forget(self, table, ids, act):
        begun = {one: of[:-1] for one, of in self._tables[table].items() if one in ids and of[1:]}
        gone = super().forget(table, ids, act)
        for one, history in begun.items():
            self._tables[table][one] = [*history, (self.head(), None)]
        return gone


class SaysWhatWasForgotten(Staying):
    breaks = "test_the_journal_says_how_many_were_forgotten_and_not_which"

    def forget(self, table, ids, act):
        return super().forget(table, ids, evolve(act, reason=f"{ids}"))


class KeepsAnIndex(Staying):
    breaks = "test_an_erased_person_is_in_no_read"

    def append(self, batch, act, **options):
        self.index = getattr(self, "index", set()) | {
            (fact.table.name, fact.id) for fact in facts_of(batch)
        }
        return super().append(batch, act, **options)

    def ids_with(self, table, part):
        return {one for of, one in getattr(self, "index", ()) if of == table and part in one}


class LeavesNobodyBehind(Staying):
    breaks = "test_what_others_keep_names_someone"

    def erase(self, person, ids, act, **options):
        gone = super().erase(person, ids, act, **options)
        self._tables["people"].pop(SOMEONE, None)
        return gone


class FinishesTooMuch(Staying):
    breaks = "test_an_erased_person_does_not_come_back"

    def finish_erasure(self):
        self._erased.clear()
        return ()


class ErasesNobodyTwice(Staying):
    breaks = "test_erasing_twice_and_nobody_is_no_harm"

    def erase(self, person, ids, act, **options):
        marks = len(self._erased)
        gone = super().erase(person, ids, act, **options)
        if len(self._erased) == marks:
            raise StoreError("the person was erased already")
        return gone


class ErasesUnseen(Staying):
    breaks = "test_an_erasure_that_missed_a_commit_takes_nothing_out"

    def erase(self, person, ids, act, *, after=None, **options):
        return super().erase(person, ids, act, **options)


class FindsWhatHolds(Staying):
    breaks = "test_facts_that_name_a_person_are_found_after_they_were_taken_back"

    def ids_where(self, table, column, values):
        found = ((one, self._now(table, one)) for one in self._tables[table])
        return {one for one, fact in found if fact and getattr(fact, column) in values}


class FindsByPattern(Staying):
    breaks = "test_ids_are_found_by_what_stands_in_them"

    def ids_with(self, table, part):
        begun, _, rest = part.partition("_")
        signs = {one: one.find(begun) + len(begun) for one in self._tables[table] if begun in one}
        if "_" not in part:
            return set(signs)
        return {one for one, place in signs.items() if one[place + 1 :].startswith(rest)}


class LeavesEarlierRevisions(Staying):
    breaks = "test_only_earlier_revisions_of_a_fact_go_where_that_was_asked"

    def erase(self, person, ids, act, *, earlier=None, **options):
        return super().erase(person, ids, act, **options)


class LeavesTellingIds(Staying):
    breaks = "test_an_id_that_tells_of_a_person_becomes_another_wherever_it_stands"

    def erase(self, person, ids, act, *, renamed=(), **options):
        return super().erase(person, ids, act, **options)


class SaysWhoWasErased(Staying):
    breaks = "test_an_erasure_is_one_commit_that_names_nobody"

    def erase(self, person, ids, act, **options):
        return super().erase(person, ids, evolve(act, reason=f"erased {person}"), **options)


class NeverFinishes(Staying):
    breaks = "test_an_erasure_can_be_finished"

    def unfinished_erasures(self):
        return len(self._erased)


class TakesErasuresForDamage(Staying):
    breaks = "test_a_store_is_sound_after_an_erasure"

    def verify(self):
        return (Problem("facts are missing"),) if self._erased else super().verify()


class KeepsALogOfErasures(SQLiteStore):
    breaks = "test_no_byte_of_an_erased_person_is_left"

    def erase(self, person, ids, act, **options):
        with Path(f"{self.where}.log").open("a") as log:
            log.write(f"erased {person}\n")
        return super().erase(person, ids, act, **options)


STORES = tuple(
    kind for kind in dict(globals()).values() if isinstance(kind, type) and hasattr(kind, "breaks")
)
