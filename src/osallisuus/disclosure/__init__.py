"""Disclosure control: between counting and showing."""
