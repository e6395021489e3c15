"""Metrics: kinds, cases, tabulation, estimators and figures."""
