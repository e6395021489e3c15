"""How the promises get at a store: the author says how it is opened, the kit closes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from osallisuus.conformance.said import Promises
from osallisuus.conformance.steps import Ticking, skip_without
from osallisuus.model.store import Store
from osallisuus.time import Clock

__all__ = ["OpenedStore"]


class OpenedStore(Promises):
    """A store for each promise: new, empty, with a clock that the promise may turn."""

    to_say = "open", "def open(self, place, clock): return MyStore.open(str(place), clock=clock)"
    examples: ClassVar[int] = 10
    """How many sets of facts are drawn to be read back. More find more, and take longer."""

    def open(self, place: Path, clock: Clock) -> Store:
        """The store of *place*, an empty folder; the same place again is the same store.

        It says nothing to a store that keeps no files: that one is open for one test only. The
        moments of its journal are those of *clock*.
        """
        raise NotImplementedError("say in your subclass how your store is opened")

    @pytest.fixture
    def clock(self) -> Ticking:
        """The clock of the store."""
        return Ticking()

    @pytest.fixture
    def store(
        self, request: pytest.FixtureRequest, tmp_path: Path, clock: Ticking
    ) -> Iterator[Store]:
        """A new store; the promise is skipped where it needs what the store does not declare."""
        place = tmp_path / "store"
        place.mkdir()
        opened = self.open(place, clock)
        try:
            skip_without(request.function, opened.capabilities)
            yield opened
        finally:
            opened.close()
