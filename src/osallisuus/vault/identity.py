"""What a vault holds of a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from attrs import field

from osallisuus.values import frozen
from osallisuus.vault.sealing import VaultError

__all__ = ["Identity", "is_text"]

_LONGEST: Final = 1_000


def _plain(contacts: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(contacts, Mapping):
        raise VaultError("contacts are texts by their kind, such as phone", where="identity")
    return dict(contacts)


def is_text(value: object) -> bool:
    """Whether it can be sealed or written: half of a character could not be."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= _LONGEST
        and not any("\ud800" <= sign <= "\udfff" for sign in value)
    )


@frozen(kw_only=True, repr=False)
class Identity:
    """A person's name and how they can be reached. It shows nothing unless it is asked."""

    name: str | None = None
    contacts: Mapping[str, str] = field(factory=dict, converter=_plain, hash=False)
    """Such as ``{"phone": …, "email": …}``."""

    def __attrs_post_init__(self) -> None:
        texts: list[object] = [*self.contacts, *self.contacts.values()]
        texts += [] if self.name is None else [self.name]
        if not all(map(is_text, texts)):
            raise VaultError(
                f"a name and contacts are texts of 1 to {_LONGEST} characters", where="identity"
            )

    def __repr__(self) -> str:
        return "Identity(…)"

    def describe(self) -> dict[str, Any]:
        """The values, for whoever is entitled to see them."""
        return {"name": self.name, "contacts": dict(self.contacts)}

    def written(self) -> bytes:
        """As it is sealed."""
        return json.dumps(self.describe(), ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def read(cls, written: bytes) -> Identity:
        """From what was sealed."""
        return cls(**json.loads(written))
