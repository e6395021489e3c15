"""What other libraries and the system raise, in our own words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from osallisuus.errors import StoreError

__all__ = ["Explaining", "own_errors"]


class Explaining(Protocol):
    """Knows the errors of the library that it works with."""

    def foreign(self) -> tuple[type[Exception], ...]:
        """The errors of that library."""
        ...

    def explained(self, error: Exception) -> StoreError:
        """An error of the system or of that library in our words, without a value."""
        ...


E = TypeVar("E", bound=Explaining)
_P = ParamSpec("_P")
T = TypeVar("T")


def own_errors(method: Callable[Concatenate[E, _P], T]) -> Callable[Concatenate[E, _P], T]:
    """Turn an error of the system or of a library into ours, raised outside the ``except``."""

    @wraps(method)
    def call(self: E, /, *args: _P.args, **kwargs: _P.kwargs) -> T:
        expected: tuple[type[Exception], ...] = (OSError, ValueError, *self.foreign())
        try:
            return method(self, *args, **kwargs)
        except expected as error:
            raised = self.explained(error)
        raise raised

    return call
