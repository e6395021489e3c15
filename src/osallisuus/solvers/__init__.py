"""Solvers that others wrote, each behind the one function that groups are formed with."""
