"""Sinks that break one promise each, and keep all others."""

from contextlib import suppress

from attrs import evolve

from osallisuus.conformance.sinks import rows_in
from osallisuus.errors import StoreBusy, StoreError, VersionConflict
from osallisuus.model.sink import Part, Position, Published
from osallisuus.sinks.parquet import ParquetSink


class StandsAheadOfItself(ParquetSink):
    breaks = "test_a_new_copy_holds_nothing"

    def position(self):
        return super().position() if self.manifest.generation else Position(1, "x")


class MakesWhatIsNotThere(ParquetSink):
    breaks = "test_a_copy_is_made_only_when_asked"

    @classmethod
    def open(cls, place, *, create=False):
        return super().open(place, create=True)


class LeavesATableOut(ParquetSink):
    breaks = "test_facts_come_out_as_they_went_in"

    def publish(self, after, upto, parts, **options):
        told = (part for part in parts if part.table != "ideas")
        return super().publish(after, upto, told, **options)


class ForgetsTheDigest(ParquetSink):
    breaks = "test_it_stands_where_it_was_published"

    @classmethod
    def open(cls, place, *, create=False):
        opened = super().open(place, create=create)
        opened.new = create
        return opened

    def position(self):
        at = super().position()
        return at if self.new or at.tx < 3 else Position(at.tx)


class CountsParts(ParquetSink):
    breaks = "test_it_says_how_many_rows_it_wrote"

    def publish(self, after, upto, parts, *, known=None, **options):
        done = super().publish(after, upto, parts, known=known, **options)
        return done if known else evolve(done, rows=bool(done.rows))


class AnswersAgain(ParquetSink):
    breaks = "test_a_repeated_range_changes_nothing"

    def publish(self, after, upto, parts, **options):
        if upto == self.position():
            return Published(1, 0)
        return super().publish(after, upto, parts, **options)


class KeepsWhatItHas(ParquetSink):
    breaks = "test_a_fact_that_is_told_again_is_there_once"

    def publish(self, after, upto, parts, **options):
        held = {row["id"] for row in rows_in(self, "people")}

        def only_new(part):
            if part.table != "people" or part.rows is None:
                return part
            new = [one not in held for one in part.rows["id"].to_pylist()]
            return Part(part.table, part.rows.filter(new), part.removed)

        return super().publish(after, upto, map(only_new, parts), **options)


class CountsNobodyOut(ParquetSink):
    breaks = "test_what_is_taken_back_goes_and_is_counted"

    def publish(self, after, upto, parts, *, known=None, **options):
        done = super().publish(after, upto, parts, known=known, **options)
        return done if known else evolve(done, removed=0)


class TakesEveryRangeForExact(ParquetSink):
    breaks = "test_what_was_told_too_early_is_looked_for"

    def publish(self, after, upto, parts, *, exact=None, **options):
        return super().publish(after, upto, parts, **options)


class LetsAConflictPass(ParquetSink):
    breaks = "test_a_stale_view_is_refused"

    def publish(self, after, upto, parts, **options):
        with suppress(VersionConflict):
            return super().publish(after, upto, parts, **options)
        return Published()


class SaysNothingWhenItIsBusy(ParquetSink):
    breaks = "test_one_writer_at_a_time"

    def publish(self, after, upto, parts, **options):
        with suppress(StoreBusy):
            return super().publish(after, upto, parts, **options)
        return Published()


class TakesWhatCame(ParquetSink):
    breaks = "test_a_source_that_breaks_off_leaves_all_as_it_was"

    def publish(self, after, upto, parts, **options):
        return super().publish(after, upto, self.until_it_breaks(parts), **options)

    def until_it_breaks(self, parts):
        with suppress(KeyboardInterrupt):
            yield from parts


class LooksIntoOneTable(ParquetSink):
    breaks = "test_who_is_not_known_any_more_is_in_no_table"

    def publish(self, after, upto, parts, *, known=None, **options):
        if known is None:
            return super().publish(after, upto, parts, **options)
        return super().publish(
            after,
            upto,
            parts,
            known=lambda table, ids: known(table, ids) if table == "people" else set(ids),
            **options,
        )


class LeavesOldFiles(ParquetSink):
    breaks = "test_no_byte_is_left_of_what_was_taken_out"

    def clear(self, now):
        return now.tables


class KeepsNotes(ParquetSink):
    breaks = "test_what_may_not_leave_is_in_no_file"

    def publish(self, after, upto, parts, **options):
        return super().publish(after, upto, map(self.noted, parts), **options)

    def noted(self, part):
        if part.table == "observations" and part.rows is not None:
            (self.place / "notes.txt").write_text(repr(part.rows["note"].to_pylist()))
        return part


class PacksTheFirstFileOnly(ParquetSink):
    breaks = "test_packing_keeps_every_row_in_fewer_files"

    def pack(self, now):
        return {name: files[:1] for name, files in now.tables.items()}


class HasNothingToFinish(ParquetSink):
    breaks = "test_finishing_may_be_asked_at_any_time"

    def finish(self):
        if not self.unfinished():
            raise StoreError("there is nothing to finish")
        super().finish()


class LetsGoOnlyOnce(ParquetSink):
    breaks = "test_closing_twice_does_nothing"
    closed = False

    def close(self):
        if self.closed:
            raise StoreError("it is closed")
        self.closed = True


SINKS = tuple(
    kind for kind in dict(globals()).values() if isinstance(kind, type) and hasattr(kind, "breaks")
)
