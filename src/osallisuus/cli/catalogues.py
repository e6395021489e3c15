"""What is installed: programmes, metrics, plug-ins."""

from __future__ import annotations

import argparse
import sys
import textwrap
from typing import Any

import attrs

from osallisuus import plugins as registry
from osallisuus.cli.answers import of_metric, of_plugin
from osallisuus.cli.card import card_lines
from osallisuus.cli.terminal import print_json, print_table
from osallisuus.disclosure.profile import PUBLIC
from osallisuus.errors import DefinitionError, PluginError, did_you_mean
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.written import metric_title
from osallisuus.model.canonical import plain
from osallisuus.model.criteria import AllOf, Answered, AnyOf, Condition, Elapsed, Not
from osallisuus.model.program import Program
from osallisuus.model.stated import NONE, Text, each
from osallisuus.register import metric_named, program_named, program_toml
from osallisuus.time import PartialDate
from osallisuus.words import Words

__all__ = ["metrics", "plugins", "programs"]


def programs(arguments: argparse.Namespace) -> int:
    """``programs [NAME]``, and ``programs NAME --toml``."""
    if arguments.toml:
        if arguments.name is None:
            raise DefinitionError(
                "no programme is named", where="--toml", remedy="such as programs verna --toml"
            )
        sys.stdout.buffer.write(program_toml(arguments.name))
        return 0
    if arguments.name is None:
        names = sorted(registry.find("programs"))
        if arguments.json:
            print_json({"programs": [_heading(name) for name in names]})
        else:
            rows = [(name, *_in_short(name)) for name in names]
            print_table(("programme", "version", "title"), rows, bare=True)
        return 0
    program = program_named(arguments.name)
    if arguments.json:
        print_json({"hash": program.hash, "definition": plain(program)})
        return 0
    _print_definition(program)
    return 0


def _print_definition(program: Program) -> None:
    """All that a definition states, part by part, and then what its source leaves open."""
    print(f"{program.name} version {program.version}, definition {program.hash}")
    for attribute in attrs.fields(type(program)):
        value = getattr(program, attribute.name)
        if value is None or attribute.name in ("name", "version", "not_stated"):
            continue
        print(f"\n{attribute.name.replace('_', ' ')}")
        _print(value, "  ")
        if attribute.name == "disclosure":
            _say("  ", _threshold(program.disclosure.threshold))
    unstated = [item.about for item in each(program.not_stated)]
    if unstated:
        print("\nnot stated in the source")
        for about in unstated:
            print(f"  {about}")


def _threshold(own: int) -> str:
    """Which threshold holds: a programme may ask for more than a profile, and never for less."""
    return (
        f"this programme asks for {own} people behind a figure, the public profile for"
        f" {PUBLIC.threshold}; the larger holds, so a public release asks for"
        f" {max(own, PUBLIC.threshold)}"
    )


def _in_short(name: str) -> tuple[str, str]:
    """A programme's version and title, or what is wrong with its definition."""
    try:
        program = program_named(name)
    except PluginError as error:
        return "-", str(error)
    return program.version, program.label("en")


def _heading(name: str) -> dict[str, Any]:
    """The same for another program."""
    try:
        program = program_named(name)
    except PluginError as error:
        return {"name": name, "version": None, "title": None, "hash": None, "problem": str(error)}
    heading = {"name": name, "version": program.version, "title": program.label("en")}
    return {**heading, "hash": program.hash, "problem": None}


def _print(value: Any, indent: str) -> None:
    """A part of a definition as indented lines: first its words, then what else is stated."""
    if isinstance(value, tuple):
        for item in value:
            _print(item, indent)
        return
    if not _is_record(value):
        _say(indent, _plain(value))
        return
    shown = {
        field.name: getattr(value, field.name)
        for field in attrs.fields(type(value))
        if not _is_silent(getattr(value, field.name), field.default)
    }
    if shown.get("modality") == "is":  # only what is not simply so needs saying
        del shown["modality"]
    words = next((shown.pop(name) for name in _WORDS if isinstance(shown.get(name), Text)), None)
    simple = {name: inner for name, inner in shown.items() if not _nested(inner)}
    rest = "; ".join(f"{_spaced(name)}: {_plain(inner)}" for name, inner in simple.items())
    if words is None:
        _say(indent, f"- {rest}" if rest else "-")
    else:
        _say(indent, f"- {_plain(words)}{f' [{rest}]' if rest else ''}")
    for name, inner in shown.items():
        if name not in simple:
            print(f"{indent}  {_spaced(name)}:")
            _print(inner, f"{indent}    ")


def _is_silent(value: Any, default: Any) -> bool:
    """Whether a field says nothing: an answer that is to be no, or 0, says something."""
    return value is None or value == () or (value is False and default is False)


_WORDS = ("text", "label", "title")
_WIDTH = 100


def _say(indent: str, text: str) -> None:
    further = f"{indent}  " if text.startswith("- ") else indent
    print(
        textwrap.fill(text, _WIDTH, initial_indent=indent, subsequent_indent=further,
                      break_on_hyphens=False)
    )  # fmt: skip


def _is_record(value: Any) -> bool:
    in_line = (Text, PartialDate, *_CONDITIONS)
    return attrs.has(type(value)) and not isinstance(value, in_line)


def _nested(value: Any) -> bool:
    return _is_record(value) or (isinstance(value, tuple) and any(map(_is_record, value)))


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _plain(value: Any) -> str:
    if value is NONE:
        return "none (stated)"
    if isinstance(value, Text):
        return value.label("en")
    if isinstance(value, _CONDITIONS):
        return _condition(value)
    if isinstance(value, tuple):
        return ", ".join(_plain(item) for item in value)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


_CONDITIONS = (Answered, Elapsed, AllOf, AnyOf, Not)


def _condition(value: Condition) -> str:
    """A condition in a line, with all that it is made of: ``any of (children = no; age >= 18)``."""
    match value:
        case Answered(operator="exists"):
            return f"{value.question} is {'' if value.answer else 'not '}answered"
        case Answered():
            return f"{value.question} {value.operator} {_plain(value.answer)}"
        case Elapsed():
            shown = [
                f"{_spaced(field.name)} {_plain(inner)}"
                for field in attrs.fields(Elapsed)
                if field.name != "question" and (inner := getattr(value, field.name)) is not None
            ]
            return f"since {value.question}: {', '.join(shown)}"
        case Not():
            return f"not ({_condition(value.of)})"
        case AllOf() | AnyOf():
            return f"{value.kind} of ({'; '.join(map(_condition, value.of))})"


def metrics(arguments: argparse.Namespace) -> int:
    """``metrics [NAME]``: a list, or one metric's card."""
    words = Words(arguments.locale)
    if arguments.name is None:
        names = sorted({*CATALOGUE, *registry.find("metrics")})
        titles = [(name, metric_title(name, words) + _strangers(name)) for name in names]
        if arguments.json:
            print_json({"metrics": [{"name": name, "title": title} for name, title in titles]})
        else:
            print_table(("metric", "title"), titles, bare=True)
        return 0
    metric = metric_named(arguments.name)
    if arguments.json:
        print_json(of_metric(metric, words))
        return 0
    title = f"{metric.name}: {metric_title(metric.name, words)}{_strangers(metric.name)}"
    for line in card_lines(metric, title, words):
        print(line)
    return 0


def _strangers(name: str) -> str:
    """Which distributions other than ours declare the metric."""
    origins = [
        plugin.origin
        for plugin in registry.find("metrics").get(name, ())
        if plugin.distribution != "osallisuus"
    ]
    return f" ({', '.join(origins)})" if origins else ""


def plugins(arguments: argparse.Namespace) -> int:
    """``plugins [NAME]``: all of them without importing any, or those of a name, checked."""
    asked: str | None = arguments.name
    found = list(registry.status(name=asked, check=asked is not None))
    if not found:
        names = {plugin.name for plugin in registry.status()}
        raise PluginError(
            "no plug-in has this name", where="plugins", remedy=did_you_mean(asked or "", names)
        )
    if arguments.json:
        print_json({"plugins": [of_plugin(plugin) for plugin in found]})
    else:
        state = "ok" if asked else ""
        rows = [(one.group, one.name, one.origin, _state(one) or state) for one in found]
        print_table(("group", "name", "from", "state"), rows, bare=True)
    return 1 if asked and any(plugin.problem for plugin in found) else 0


def _state(plugin: registry.Plugin) -> str:
    """What is wrong with a plug-in, and what would help; empty where nothing is known to be."""
    return f"{plugin.problem} ({plugin.remedy})" if plugin.problem else ""
