"""The store keeps every promise of a store that it declares."""

from contextlib import closing

import pytest
from osallisuus.conformance import StoreConformance
from osallisuus.errors import StoreError

from osallisuus_lmdb import LmdbStore


class TestLmdb(StoreConformance):
    def open(self, place, clock):
        return LmdbStore.open(str(place / "facts"), clock=clock)


def test_a_place_that_is_not_there_is_made_only_when_asked(tmp_path):
    """A typing mistake in an address must not look like a register without people."""
    with pytest.raises(StoreError):
        LmdbStore.open(str(tmp_path / "nothing"), clock=None, create=False)
    assert not (tmp_path / "nothing").exists()


def test_only_its_owner_can_read_the_files(tmp_path):
    """Facts are about people: neither the group nor others get at them."""
    with closing(LmdbStore.open(str(tmp_path / "facts"), clock=None)):
        paths = [tmp_path / "facts", *(tmp_path / "facts").iterdir()]
        assert [oct(path.stat().st_mode & 0o077) for path in paths] == ["0o0"] * 3
