"""Strategies for the values of columns and for facts of every table: those of the public kit."""

from osallisuus.conformance.facts import VALUES, facts, one, some_of_each, values

__all__ = ["MOMENTS", "VALUES", "facts", "one", "some_of_each", "values"]

MOMENTS = VALUES["local_time"]
