"""Engines that break one promise each, and keep all others."""

from datetime import timedelta

from attrs import evolve

from osallisuus.engines.sqlite import SQLITE, SQLiteEngine
from osallisuus.errors import EngineError
from osallisuus.metrics.engine import Query
from osallisuus.model.facts import Person
from osallisuus.model.store import Act


class Honest:
    """An engine that may be lied with: it has what it was opened with at hand."""

    api_version = 1
    dialect = SQLITE

    def __init__(self, store, known_at=None):
        self.engine = SQLiteEngine.open(store, known_at=known_at)
        self.source, self.known_at = store, known_at

    def table(self, name):
        return self.engine.table(name)

    def rows(self, query):
        return self.engine.rows(query)

    def close(self):
        self.engine.close()


def is_of_a_metric(query):
    return "placed" in query.sql


class CountsOneMore(Honest):
    breaks = "test_it_tabulates_as_the_reference_does"

    def rows(self, query):
        rows = super().rows(query)
        if is_of_a_metric(query) and self.known_at is None:
            rows = [(*row[:-1], row[-1] + 1 if row[-1] else row[-1]) for row in rows]
        return rows


class NeverLooksBack(Honest):
    breaks = "test_it_tabulates_what_was_known_earlier"

    def __init__(self, store, known_at=None):
        super().__init__(store)


class WantsSomebody(Honest):
    breaks = "test_it_tabulates_a_store_of_nothing"

    def __init__(self, store, known_at=None):
        super().__init__(store, known_at)
        if not store.head():
            raise EngineError("nobody is there")


class AnswersWithNobody(Honest):
    breaks = "test_what_it_cannot_plan_is_refused"
    cannot = ("staff_hours",)

    def rows(self, query):
        if not (is_of_a_metric(query) and "worker_kind" in query.sql):
            return super().rows(query)
        if "period_" in query.sql:
            raise EngineError("periods cannot be planned")
        return []


class AnswersInDecimals(Honest):
    breaks = "test_rows_are_whole_numbers_text_and_none"

    def rows(self, query):
        return [
            tuple(float(v) if type(v) is int and is_of_a_metric(query) else v for v in row)
            for row in super().rows(query)
        ]


class TakesNothingForNought(Honest):
    breaks = "test_what_is_not_stated_is_none_and_is_not_counted"

    def rows(self, query):
        rows = super().rows(query)
        return rows if is_of_a_metric(query) else [tuple(v or 0 for v in row) for row in rows]


class TakesEveryYearForACommonOne(Honest):
    breaks = "test_days_are_counted_by_the_calendar"
    dialect = evolve(SQLITE, days=f"({SQLITE.days} - ({SQLITE.days} > 366))")


class CountsDaysFromOne(Honest):
    breaks = "test_a_bound_day_compares_as_a_day"

    def rows(self, query):
        if "registered_on < :day" in query.sql:
            later = {name: day + timedelta(1) for name, day in query.params.items()}
            query = evolve(query, params=later)
        return super().rows(query)


class LivesInGreenwich(Honest):
    breaks = "test_a_local_time_is_of_the_day_of_its_place"

    def rows(self, query):
        earlier = "date(substr(starts_at, 1, 16), '-3 hours')"
        here = SQLITE.day.format(a="starts_at")
        sql = query.sql if is_of_a_metric(query) else query.sql.replace(here, earlier)
        return super().rows(evolve(query, sql=sql))


class SortsWithoutCase(Honest):
    breaks = "test_text_is_ordered_by_code_point"

    def rows(self, query):
        sql = query.sql
        if not is_of_a_metric(query):
            sql = sql.replace("ORDER BY place", "ORDER BY place COLLATE NOCASE")
        return super().rows(evolve(query, sql=sql))


class PastesTexts(Honest):
    breaks = "test_a_bound_text_is_only_text"

    def rows(self, query):
        if set(query.params) == {"text"}:
            query = Query(query.sql.replace(":text", f"'{query.params['text']}'"))
        return super().rows(query)


class NotesWhatItWasAsked(Honest):
    breaks = "test_it_leaves_the_store_as_it_was"

    def close(self):
        self.source.note("asked", Act("engine", "p", "r"))
        super().close()


class DoesAsItIsTold(Honest):
    breaks = "test_a_query_that_writes_writes_nothing"

    def rows(self, query):
        if query.sql.startswith("DELETE"):
            people = [one.id for part in self.source.scan(Person) for one in part]
            self.source.void({"people": people}, Act("engine", "p", "r"))
        return super().rows(query)


class SaysWhoIsThere(Honest):
    breaks = "test_errors_are_ours_and_hold_no_value"

    def rows(self, query):
        try:
            return super().rows(query)
        except EngineError:
            people = [one.id for part in self.source.scan(Person) for one in part]
            raise EngineError(f"this cannot be asked of {people}") from None


ENGINES = tuple(
    kind for kind in dict(globals()).values() if isinstance(kind, type) and hasattr(kind, "breaks")
)
