"""Metrics that break one promise each, and keep all others: each as its author would join."""

from attrs import evolve, fields

from osallisuus.conformance import MetricConformance
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.words.card import card_named

PEOPLE = CATALOGUE["people_and_episodes"]
CARD = card_named(PEOPLE.name)
KIND = type(PEOPLE)


def as_a(kind):
    """The metric of people and episodes, as one of that kind."""
    return kind(**{one.name: getattr(PEOPLE, one.name) for one in fields(KIND)})


class SpeaksOneLanguage(MetricConformance):
    breaks = "test_it_has_a_card_in_every_language"
    metric = PEOPLE
    card = evolve(CARD, title={"fi": "Ihmiset"})


class PromisesMore(MetricConformance):
    breaks = "test_its_example_gives_the_figures_that_it_names"
    metric = PEOPLE
    card = evolve(
        CARD,
        example=evolve(
            CARD.example, figures=({**CARD.example.figures[0], "value": 99}, *CARD.example.figures)
        ),
    )


class _Remarking(KIND):
    def table(self, dims, dialect):
        return super().table(dims, dialect) + " /* and DROP TABLE people */"


class SaysMoreThanOneSelect(MetricConformance):
    breaks = "test_it_only_reads"
    metric = as_a(_Remarking)


class _Unseen(KIND):
    def keys(self, dialect):
        return ("nosuch",)


class HidesItsCases(MetricConformance):
    breaks = "test_its_single_cases_can_be_looked_at"
    metric = as_a(_Unseen)


class _Partial(KIND):
    def table(self, dims, dialect):
        said = super().table(dims, dialect)
        return said.replace("COUNT(", "1 + COUNT(", 1) if dialect.name == "duckdb" else said


class PrefersAnEngine(MetricConformance):
    breaks = "test_every_engine_tabulates_it_alike"
    metric = as_a(_Partial)


class _Sure(KIND):
    def draw(self, rows, **options):
        drawn = super().draw(rows, **options)
        return [one if one.value else evolve(one, value=1, n=1, reason="") for one in drawn]


class CountsSomebodyAlways(MetricConformance):
    breaks = "test_nobody_is_counted_where_nobody_is"
    metric = as_a(_Sure)


class _Alike(KIND):
    definition = "0123456789abcdef"


class IsDefinedLikeAll(MetricConformance):
    breaks = "test_another_question_has_another_definition"
    metric = as_a(_Alike)


METRICS = tuple(
    kind for kind in dict(globals()).values() if isinstance(kind, type) and hasattr(kind, "breaks")
)
