"""Report definitions: what a report says, in which order and form. Data, no code.

The shipped ones are TOML files in ``reports/definitions``; anybody's own is one more such file. A
report is a list of *sections*, each of one kind:

``metric``      the figures of one metric, as a table or a chart
``text``        words that its author wrote
``phases``      what was noted of the programme as a whole before, during and after (W24, U22)
``quotes``      what people said, each with the consent under which it may be told (Q11)
``fund``        the participants of a period as a European fund counts them (U22)
``course``      a community's own assessments beside its own beginning, never beside others (Q15)
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Final, Literal, TypeAlias

from attrs import field

from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.model.definition import read_definition
from osallisuus.model.files import content_of, read_toml
from osallisuus.model.stated import Code, Text
from osallisuus.reports.definition_check import content_problems, named_twice, with_headings
from osallisuus.reports.look import Look
from osallisuus.values import frozen

__all__ = [
    "REPORTS",
    "Course",
    "Form",
    "Fund",
    "Noted",
    "Part",
    "Phases",
    "Quote",
    "Quotes",
    "ReportDefinition",
    "Section",
    "Written",
    "definition_named",
    "read_report",
]

Form = Literal["counts", "funnel", "share", "curve", "bars", "flow", "calendar"]
"""``counts`` and ``share`` are tables; the others have a chart too: ``flow`` one of paths of roles,
``calendar`` one by period, where the section or the report has several."""


@frozen
class Section:
    """One metric under one heading.

    ``heading`` is a code of the library's own headings, such as ``people``, and always given;
    ``title``, if there is one, goes over it. ``brief``: its main figure also stands in the summary. ``split``: it
    is shown by stratum too, where the report is asked by strata. ``policies`` are choices such as
    ``excused=out``; ``periods`` is how this section alone splits the time of the report: ``yearly``,
    ``quarterly``, ``monthly``, or ``whole`` for not at all.
    """

    kind: ClassVar[str] = "metric"

    heading: Code
    metric: str
    form: Form
    brief: bool = False
    split: bool = False
    policies: tuple[str, ...] = ()
    periods: Literal["", "yearly", "quarterly", "monthly", "whole"] = ""
    title: Text | None = None

    @property
    def choices(self) -> dict[str, str]:
        """Policy -> the value that is chosen."""
        return dict(one.split("=", 1) for one in self.policies)

    def __attrs_post_init__(self) -> None:
        for one in self.policies:
            if "=" not in one:
                raise DefinitionError(
                    "a policy without a value", where="policies", remedy='write "name=value"'
                )
        twice = list(named_twice(self.policies, "policies"))
        if twice:
            raise DefinitionError(twice)


@frozen(kw_only=True)
class Written:
    """Words of the report's author, one paragraph for each line that is not empty."""

    kind: ClassVar[str] = "text"

    text: Text
    heading: Code | None = None
    title: Text | None = None


@frozen(kw_only=True)
class Noted:
    """What a report calls a measure that was noted, and the unit of its numbers."""

    measure: str
    title: Text
    unit: Text | None = None


@frozen(kw_only=True)
class Phases:
    """What was noted of the programme as a whole: measure and range by phase, never the note.

    ``caption`` stands above the table, ``before``, ``during`` and ``after`` head its columns, and
    ``noted`` names its rows; each in place of the library's own words.
    """

    kind: ClassVar[str] = "phases"

    heading: Code | None = "phases"
    title: Text | None = None
    caption: Text | None = None
    before: Text | None = None
    during: Text | None = None
    after: Text | None = None
    noted: tuple[Noted, ...] = ()

    def __attrs_post_init__(self) -> None:
        measures = [one.measure for one in self.noted]
        twice = {one for one in measures if measures.count(one) > 1}
        if twice:
            raise DefinitionError(
                f"the measure {min(twice)!r} is named twice",
                where="noted",
                remedy="keep one name for it",
            )


@frozen(kw_only=True)
class Quote:
    """Words that somebody wants to be told, under a consent that they can take back.

    ``consent`` is the id of a consent among the facts, of the purpose ``quoting``; without it, or
    after it was withdrawn, the words stay out of every report that is made from then on.
    """

    text: Text
    consent: str


@frozen(kw_only=True)
class Quotes:
    """What people said of the programme, in the order given, without any name."""

    kind: ClassVar[str] = "quotes"

    quotes: tuple[Quote, ...]
    heading: Code | None = "quotes"
    title: Text | None = None


@frozen(kw_only=True)
class Fund:
    """The participants of the report's period by the rules of a fund."""

    kind: ClassVar[str] = "fund"

    rules: str = "esf_plus"
    heading: Code | None = "fund"
    title: Text | None = None


@frozen(kw_only=True)
class Course:
    """Each community's own assessments over time, each beside its own beginning only."""

    kind: ClassVar[str] = "course"

    heading: Code | None = "course"
    title: Text | None = None


Part: TypeAlias = Section | Written | Phases | Quotes | Fund | Course


@frozen
class ReportDefinition:
    """A named report: its sections in order.

    ``title`` may name the programme as ``{program}``. ``by`` and ``periods`` hold where a report is
    asked without any. ``pages="one"``: for a board or a wall, without the chapters on how to read
    it; what was hidden and where the figures come from is said in any case. ``audience="community"``:
    for the community that it is about, which may want to see it before anybody else (Y26).
    """

    name: Code
    sections: tuple[Part, ...]
    title: Text | None = None
    by: tuple[str, ...] = ()
    periods: str = ""
    pages: Literal["one", "any"] = "any"
    audience: Literal["anybody", "community"] = "anybody"
    look: Look = field(factory=Look, repr=False)
    """Whose report it is, and in which colour; no part of what it says."""
    schema_version: int = 1

    @property
    def measured(self) -> tuple[Section, ...]:
        """The sections that show a metric."""
        return tuple(one for one in self.sections if isinstance(one, Section))

    @property
    def digest(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of what it says, however the file is laid out."""
        return sha256(repr(self).encode()).hexdigest()[:16]

    def __attrs_post_init__(self) -> None:
        if self.schema_version != 1:
            raise DefinitionError(
                f"version {self.schema_version} of the form of a report",
                where="schema_version",
                remedy="write 1, or update osallisuus",
            )


def read_report(text: str | bytes, where: str) -> ReportDefinition:
    """The report that the TOML *text* defines.

    Raises :class:`DefinitionError` with all its problems, of its form and of what it names: a
    heading, a metric, a policy, periods or a stratum behind which there is nothing.
    """
    problems = [
        Problem(one.what, f"{where}:{one.where}", one.remedy)
        for one in content_problems(read_toml(text, where))
    ]
    read: ReportDefinition | None = None
    try:
        read = read_definition(ReportDefinition, text, where)
    except DefinitionError as error:
        problems = [*map(with_headings, error.problems), *problems]
    if read is None or problems:
        raise DefinitionError(dict.fromkeys(problems))
    return read


_FOLDER: Final = Path(__file__).with_name("definitions")

REPORTS: Final = tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))
"""The names of the shipped reports."""


@cache
def _shipped(name: str) -> ReportDefinition:
    return read_report(_FOLDER.joinpath(f"{name}.toml").read_bytes(), f"{name}.toml")


def definition_named(name: str) -> ReportDefinition:
    """The shipped report of that name, or that of a TOML file by its path."""
    if name in REPORTS:
        return _shipped(name)
    if name.endswith(".toml"):
        return _of_file(Path(name))
    raise DefinitionError(
        "no report has this name",
        where=name,
        remedy=f"{did_you_mean(name, REPORTS)}; or name a .toml file",
    )


def _of_file(path: Path) -> ReportDefinition:
    return read_report(content_of(path, "the report definition"), path.name)
