"""Fact folders into facts, with every problem at once."""
