"""How an organisation's own report looks: its name, logo, colour and last words. Data, no style sheet.

A colour must be readable as text (WCAG 2.2, 1.4.3: a contrast of 4.5 to 1), and a logo must stand in
the report itself, so that a page asks nobody for anything. Both are refused otherwise.
"""

from __future__ import annotations

import re
from typing import Any, Final

from attrs import field

from osallisuus.errors import DefinitionError
from osallisuus.model.definition import read_definition
from osallisuus.model.stated import Text
from osallisuus.values import frozen

__all__ = ["PAPER", "Look", "contrast", "read_look"]

PAPER: Final = ("#ffffff", "#12191d")
"""What texts stand on: in the light, and in the dark."""

_COLOR: Final = re.compile(r"#[0-9a-f]{6}")
_LOGO: Final = re.compile(r"data:image/(?:png|jpeg|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}")
_MOST: Final = 200_000
_READABLE: Final = 4.5


def contrast(one: str, other: str) -> float:
    """How far two colours such as ``#0b5c6e`` differ in luminance (WCAG 2.2): from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@frozen(kw_only=True)
class Look:
    """Whose report it is, and in which colour. Raises :class:`DefinitionError`, never a repair."""

    organization: str = ""
    footer: Text | None = None
    """Stands below every page, such as an address or a licence."""
    accent: str = field(default="")
    """The colour of links and lines on white, such as ``#0b5c6e``; empty: the library's own."""
    accent_dark: str = field(default="")
    """The same where the reader wants dark pages."""
    logo: str = field(default="", repr=False)
    """A picture as ``data:image/png;base64,…`` (or jpeg, or svg+xml), of at most 200,000 characters.

    It stands in the place of the name, which is read out instead of it.
    """

    @accent.validator
    def _readable_in_the_light(self, _: Any, value: str) -> None:
        _require_readable(value, PAPER[0], "accent")

    @accent_dark.validator
    def _readable_in_the_dark(self, _: Any, value: str) -> None:
        _require_readable(value, PAPER[1], "accent_dark")

    @logo.validator
    def _within_the_page(self, _: Any, value: str) -> None:
        if value and (len(value) > _MOST or not _LOGO.fullmatch(value)):
            raise DefinitionError(
                "the logo is no picture that a page can hold",
                where="logo",
                remedy="write it as data:image/png;base64,… of at most 200,000 characters",
            )

    def __attrs_post_init__(self) -> None:
        if self.logo and not self.organization:
            raise DefinitionError(
                "a logo without a name", where="organization", remedy="say whose logo it is"
            )

    @property
    def style(self) -> str:
        """The rules of a style sheet that this look comes to; empty for the library's own."""
        light = f":root {{ --accent: {self.accent}; }}\n" if self.accent else ""
        dark = (
            "@media screen and (prefers-color-scheme: dark) {\n"
            f"  :root {{ --accent: {self.accent_dark}; }}\n}}\n"
        )
        if self.accent and not self.accent_dark:
            # a colour for white is rarely one for black: there ours stays
            # (two rules: WeasyPrint drops a whole list of queries for one that it cannot read)
            rule = light.strip()
            light = (
                f"@media print {{ {rule} }}\n@media not (prefers-color-scheme: dark) {{ {rule} }}\n"
            )
        return light + (dark if self.accent_dark else "")


def _require_readable(color: str, paper: str, where: str) -> None:
    if not color:
        return
    if not _COLOR.fullmatch(color):
        raise DefinitionError("no colour", where=where, remedy='write it as "#0b5c6e"')
    if contrast(color, paper) < _READABLE:
        raise DefinitionError(
            f"this colour cannot be read on {paper}",
            where=where,
            remedy="choose one with a contrast of at least 4.5 to 1",
        )


def read_look(text: str | bytes, where: str) -> Look:
    """The look that a TOML file describes; :class:`DefinitionError` with all its problems."""
    read: Look = read_definition(Look, text, where)
    return read
