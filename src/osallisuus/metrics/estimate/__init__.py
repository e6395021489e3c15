"""Estimators: from a small table of integers to a number with its interval.

Pure functions of the standard library. They know nothing of facts, SQL or reports; every
formula stands beside the code that computes it and is checked against independent numbers in
``tests/vectors.json``.
"""
