"""The store keeps every promise of those that it declares."""

from osallisuus.conformance import StoreConformance
from your_package import Store


class TestStore(StoreConformance):
    def open(self, place, clock):
        return Store.open(str(place / "facts"), clock=clock)
