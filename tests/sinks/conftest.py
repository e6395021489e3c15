"""Copies in a folder of their own, both kinds of them."""

import os

import pytest


@pytest.fixture(params=["parquet", "delta"])
def kind(request):
    return request.param


@pytest.fixture
def place(tmp_path):
    return tmp_path / "a copy of ääni"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Flushing is slow, and matters only to tests that watch it for themselves."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
