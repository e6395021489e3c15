"""Metrics and programmes by the names under which they are installed."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from osallisuus import plugins
from osallisuus.errors import DefinitionError, PluginError, did_you_mean
from osallisuus.metrics.metric import Metric
from osallisuus.model.heading import Heading, ProgramFile

if TYPE_CHECKING:
    from osallisuus.model.program import Program

__all__ = [
    "at_hand",
    "code_of",
    "has_restricted_forms",
    "heading_named",
    "installed_programs",
    "metric_named",
    "program_named",
    "program_toml",
]


def metric_named(name: str) -> Metric:
    """The metric of that name: of the catalogue, or of a plug-in in ``osallisuus.metrics``."""
    from osallisuus.metrics.catalogue import CATALOGUE

    declared = plugins.find("metrics")
    strangers = [one.origin for one in declared.get(name, ()) if one.distribution != "osallisuus"]
    if name in CATALOGUE and strangers:
        raise PluginError(
            f"{name!r} is a metric of this library, and others declare it too",
            where=", ".join(strangers),
            remedy="rename theirs, or uninstall what declares it",
        )
    if name in CATALOGUE:
        return CATALOGUE[name]
    if name not in declared:
        known = {*CATALOGUE, *declared}
        raise DefinitionError(
            "no metric has this name", where=name, remedy=did_you_mean(name, known)
        )
    metric = plugins.load("metrics", name)
    if not isinstance(metric, Metric):
        raise _wrong_kind("metrics", name, "a subclass of Metric from osallisuus.metrics.kinds")
    return metric


def _wrong_kind(group: Literal["metrics", "programs"], name: str, wanted: str) -> PluginError:
    (plugin,) = plugins.find(group)[name]
    return PluginError(
        f"the plug-in {name!r} of the {group} cannot be used: its entry point names something else",
        where=plugin.origin,
        remedy=f"point it at {wanted}; or uninstall {plugin.distribution}",
    )


def program_named(name: str) -> Program:
    """The programme definition of that name, ours or a plug-in's, or of a TOML file by its path."""
    if name.endswith(".toml"):
        return _program_file(Path(name))
    from osallisuus.model.program import Program

    program = plugins.load("programs", name)
    if isinstance(program, ProgramFile):
        return _whole(program)
    if not isinstance(program, Program):
        raise _wrong_kind("programs", name, "a Program, as read_program gives one")
    return program


def program_toml(name: str) -> bytes:
    """The TOML text of the programme of that name, in UTF-8: to begin a definition of one's own.

    Raises :class:`DefinitionError` where a plug-in defines it in another way.
    """
    from osallisuus.model.files import content_of

    program = ProgramFile(Path(name)) if name.endswith(".toml") else plugins.load("programs", name)
    if not isinstance(program, ProgramFile):
        raise DefinitionError(
            "this programme is not defined by a TOML file",
            where=name,
            remedy=f"osallisuus programs {name} --json shows its definition",
        )
    return content_of(program.path, "the definition")


def at_hand(program: str | Program | None) -> Program | None:
    """The definition of *program*, which is one, or a code or the path of a TOML file.

    ``None`` where nothing is named, or a code whose definition is not installed: facts may be of
    such a programme, too.
    """
    if not isinstance(program, str):
        return program
    known = program.endswith(".toml") or program in plugins.find("programs")
    return program_named(program) if known else None


def code_of(program: str | Program) -> str:
    """The code by which facts name *program*: a definition, a code or the path of a TOML file."""
    if isinstance(program, str):
        return program_named(program).name if program.endswith(".toml") else program
    return program.name


def installed_programs(names: Collection[str | None]) -> dict[str, Program]:
    """Those of the programmes whose definition is installed and can be read."""
    found = {}
    for name in sorted(one for one in names if one in plugins.find("programs")):
        with suppress(DefinitionError, PluginError):
            found[name] = program_named(name)
    return found


def has_restricted_forms(program: Program) -> bool:
    """Whether the programme has a form that not everybody who works in it may read."""
    from osallisuus.model.stated import each

    return any(form.access is not None for form in each(program.forms))


def heading_named(name: str) -> Heading:
    """What a report needs of the programme of that name; of a file only so much is read."""
    if not name.endswith(".toml"):
        program = plugins.load("programs", name)
        if isinstance(program, ProgramFile):
            return program.heading
    return program_named(name).heading


@cache
def _whole(program: ProgramFile) -> Program:
    return _program_file(program.path)


def _program_file(path: Path) -> Program:
    from osallisuus.model.definition import read_program
    from osallisuus.model.files import content_of

    return read_program(content_of(path, "the definition"), path.name)
