"""A person's own copy as a document."""

from __future__ import annotations

from datetime import date

import pytest

import osallisuus as osa
from osallisuus.model.stated import LOCALES, Locale
from osallisuus.reports.document import Heading, Text

PERSON = osa.Person(id="p1", registered_on=date(2018, 1, 8))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_copy_as_a_document_says_what_the_copy_as_text_says(locale: Locale) -> None:
    """Its headings, paragraphs and lists, in the same order (U11)."""
    with osa.open("memory:", actor="coordinator") as register:
        register.add([PERSON])
        document = register.participant_copy("p1", locale=locale).document
        told = register.own_copy("p1", locale=locale)
    lines = [f"# {document.title}"]
    for block in document.blocks:
        assert isinstance(block, Heading | Text)
        if isinstance(block, Heading):
            lines.append(f"{'#' * (block.level + 1)} {block.text}")
        else:
            lines += [line.replace("• ", "- ", 1) for line in block.paragraphs]
    assert lines == [line for line in told.replace("\\", "").splitlines() if line]
    assert any(line.startswith("- ") for line in lines)


def test_a_copy_is_theirs_and_not_internal() -> None:
    """They may carry it wherever they want."""
    with osa.open("memory:", actor="coordinator") as register:
        register.add([PERSON])
        document = register.participant_copy("p1").document
    assert not document.internal
    assert document.metadata["report"] == "participant_copy"
