"""A package of somebody else, with one small part of three kinds."""

from typing import ClassVar

from osallisuus.metrics.kinds import Proportion
from osallisuus.model.definition import read_program
from osallisuus.reports.document import Document, Heading

TINY_METRIC = Proportion(
    name="tiny_metric",
    cases="""
SELECT person, id AS enrollment, group_id, started_on AS happened_on,
  CASE WHEN id IN (
    SELECT enrollments.id FROM enrollments
    JOIN contacts ON contacts.enrollment = enrollments.id
      AND contacts.happened_on >= enrollments.interviewed_on
      AND contacts.happened_on < enrollments.started_on
  ) THEN 1 ELSE 0 END AS hit
FROM enrollments
WHERE started_on IS NOT NULL AND interviewed_on IS NOT NULL""",
    policies={"contact": "of the same enrolment"},
    source="Does anybody stay in touch between the interview and the start?",
)


class TinyExporter:
    """Writes the title and headings of a report as a list."""

    api_version: ClassVar[int] = 1
    name: ClassVar[str] = "tiny"
    suffix: ClassVar[str] = ".txt"
    media_type: ClassVar[str] = "text/plain; charset=utf-8"

    def render(self, document: Document) -> bytes:
        """The headings, each as far to the right as its level says."""
        headings = [block for block in document.blocks if isinstance(block, Heading)]
        lines = [document.title, *("  " * head.level + head.text for head in headings)]
        return ("\n".join(lines) + "\n").encode()


TINY_PROGRAM = read_program(
    """
name = "tiny_program"
version = "2026.1"
title = { en = "Open group" }
kinds = ["group_training"]
""",
    "tiny_program.toml",
)
