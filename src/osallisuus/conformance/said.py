"""What an author says of a part before its promises can be asked, told once where it is missing."""

from __future__ import annotations

from typing import ClassVar

from osallisuus.errors import DefinitionError

__all__ = ["Promises"]


class Promises:
    """The base of every class of promises: a test class of yours says what the kit cannot know.

    A class whose name pytest collects, and which leaves that out, raises
    :class:`~osallisuus.errors.DefinitionError` when it is made: one error, and not one for each test.
    """

    to_say: ClassVar[tuple[str, str]]
    """The name that a subclass must give, and how it is given."""

    def __init_subclass__(cls) -> None:
        """Refuse a test class of somebody's that does not say it."""
        super().__init_subclass__()
        name, such_as = cls.to_say
        said = getattr(cls, name, None)
        ours = (getattr(said, "__module__", "") or "").startswith("osallisuus.conformance")
        if cls.__name__.startswith("Test") and (said is None or ours):
            raise DefinitionError(
                f"it does not say its {name}",
                where=cls.__name__,
                remedy=f"write into the class: {such_as}",
            )
