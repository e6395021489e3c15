"""A page for each group or place: what a released report says of it, and nothing that it does not.

The figures are those of the report's own tables, already protected together. A place of which
nothing is shown has no page, since one with only hidden figures would say that it is small.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from osallisuus.metrics.figure import Figure, Result
from osallisuus.metrics.written import metric_sentence, metric_title
from osallisuus.model.stated import Locale
from osallisuus.reports.document import Block, Document, Heading, Note, Provenance, distinct
from osallisuus.reports.pictures import alphabetical
from osallisuus.reports.sections import Sections
from osallisuus.words import Words

__all__ = ["parts_of"]


def parts_of(
    document: Document, results: Sequence[Result], sections: Sections, locale: Locale
) -> Iterator[Document]:
    """A document for each value of the strata of *results*, by name and never by size.

    *document* is the whole report that they were released with; its remarks on the release and its
    provenance stand on each page.
    """
    words = Words(locale)
    split = [result for result in results if len(result.by) == 1]
    found: dict[tuple[str, str], list[tuple[Result, list[Figure]]]] = {}
    for result in split:
        (stratum,) = result.by
        for value in dict.fromkeys(figure.strata[stratum] for figure in result):
            own = [figure for figure in result if figure.strata[stratum] == value]
            if value is not None and any(figure.status == "shown" for figure in own):
                found.setdefault((stratum, value), []).append((result, own))
    named = sorted(
        (alphabetical(sections.stratum(value)), stratum, value) for stratum, value in found
    )
    for _, stratum, value in named:
        yield Document(
            title=words("site.of", title=document.title, name=sections.stratum(value)),
            locale=document.locale,
            blocks=tuple(_blocks(document, found[stratum, value], sections, words)),
            profile_note=document.profile_note,
            internal=document.internal,
            metadata=document.metadata,
            look=document.look,
        )


def _blocks(
    document: Document,
    own: Sequence[tuple[Result, Sequence[Figure]]],
    sections: Sections,
    words: Words,
) -> Iterator[Block]:
    for block in document.blocks:
        if not isinstance(block, Note):
            break
        if block.kind != "hidden":  # that is a count of the whole report
            yield block
    for result, figures in own:
        yield Heading(1, metric_title(result.provenance.metric, words))
        caption = metric_sentence(result.provenance.metric, words)
        periods = any(figure.period is not None for figure in figures)
        yield sections.table(caption, distinct(figures), periods=periods)
    yield from (block for block in document.blocks if isinstance(block, Provenance))
