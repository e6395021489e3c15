"""The promises of the Store port (:class:`osallisuus.model.store.Store`), one test each."""

from __future__ import annotations

from osallisuus.conformance.store_history import HistoryPromises
from osallisuus.conformance.store_leaving import LeavingPromises
from osallisuus.conformance.store_writing import WritingPromises

__all__ = ["StoreConformance"]


class StoreConformance(WritingPromises, HistoryPromises, LeavingPromises):
    """Every promise of a store. Say in ``open`` how yours is opened::

        class TestMyStore(StoreConformance):
            def open(self, place, clock):
                return MyStore.open(str(place / "facts"), clock=clock)

    The capabilities that the store declares decide which promises are asked of it; the others are
    skipped and say what is missing.
    """
