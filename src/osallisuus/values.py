"""``frozen``: the values of the library, as :func:`attrs.frozen` makes them, only quicker to make.

attrs writes and compiles ``__eq__``, ``__hash__`` and ``__repr__`` anew for each class, which is
half of what a class costs at import. Here all classes share one of each, which do the same. To a
reader and to a type checker the decorator is :func:`attrs.frozen`.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs

__all__ = ["frozen"]


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    compared = self.__class__.__compared__
    return compared(self) == compared(other)


def _hash(self: Any) -> int:
    return hash((self.__class__, self.__class__.__compared__(self)))


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__shown__)
    return f"{self.__class__.__qualname__.rsplit('>.', 1)[-1]}({shown})"


def _nothing(_: object) -> tuple[()]:
    return ()


def _frozen(
    decorated: type | None = None,
    *,
    eq: bool = True,
    repr: bool = True,  # noqa: A002 - as attrs calls it
    order: bool = False,
    **options: Any,
) -> Any:
    def decorate(cls: Any) -> Any:
        own = vars(cls)
        # what a class says itself stands, as with attrs; an order is compiled with its equality
        if eq and not order and "__eq__" not in own:
            cls.__eq__, cls.__hash__ = _equal, _hash
        if repr and "__repr__" not in own:
            cls.__repr__ = _repr
        made = attrs.frozen(eq=order, order=order, repr=False, **options)(cls)
        fields = attrs.fields(made)
        compared = [field.name for field in fields if field.eq]
        made.__compared__ = attrgetter(*compared) if compared else _nothing
        made.__shown__ = tuple(field.name for field in fields if field.repr)
        return made

    return decorate if decorated is None else decorate(decorated)


if TYPE_CHECKING:
    from attrs import frozen
else:
    frozen: Callable[..., Any] = _frozen
