"""Sinks: published copies of a store's facts, in files that engines read in place."""
