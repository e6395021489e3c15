"""A store object serves one thread: a second one is refused, where no library below would see it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import get_ident
from types import FunctionType
from typing import Any, Protocol, TypeVar

from osallisuus.errors import StoreError
from osallisuus.model.store import Store

__all__ = ["one_thread"]


class _OfOneThread(Protocol):
    thread: int
    """What :func:`threading.get_ident` said where the store was made."""


S = TypeVar("S", bound=_OfOneThread)


def one_thread(kind: type[S]) -> type[S]:
    """Have every method of the port but ``close`` refuse another thread than the store's own.

    Two threads in one dictionary would number two commits alike, or read half of one. They raise
    :class:`~osallisuus.errors.StoreError` then.
    """
    for name, method in list(vars(kind).items()):
        asked = name in vars(Store) and name != "close" and not name.startswith("_")
        if asked and isinstance(method, FunctionType):
            setattr(kind, name, _guarded(method))
    return kind


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(store: _OfOneThread, /, *args: Any, **kwargs: Any) -> Any:
        if get_ident() != store.thread:
            raise StoreError("a store is not shared with a thread", remedy="open it again there")
        return method(store, *args, **kwargs)

    return call
