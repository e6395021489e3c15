"""What is installed: programmes, metrics, plug-ins."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

import attrs

from osallisuus import plugins as registry
from osallisuus.cli.card import card_lines
from osallisuus.errors import PluginError, did_you_mean
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.written import metric_title
from osallisuus.model.stated import NONE, Text, each
from osallisuus.register import metric_named, program_named
from osallisuus.time import PartialDate
from osallisuus.words import Words

__all__ = ["metrics", "plugins", "programs"]


def programs(arguments: argparse.Namespace) -> int:
    """``programs [NAME]``."""
    if arguments.name is None:
        for name in sorted(registry.find("programs")):
            print(f"{name:<20} {_in_short(name)}")
        return 0
    program = program_named(arguments.name)
    print(f"{program.name} version {program.version}, definition {program.hash}")
    for attribute in attrs.fields(type(program)):
        value = getattr(program, attribute.name)
        if value is None or attribute.name in ("name", "version", "not_stated"):
            continue
        print(f"\n{attribute.name.replace('_', ' ')}")
        _print(value, "  ")
    unstated = [item.about for item in each(program.not_stated)]
    if unstated:
        print("\nnot stated in the source")
        for about in unstated:
            print(f"  {about}")
    return 0


def _in_short(name: str) -> str:
    """A programme's version and title, or what is wrong with its definition."""
    try:
        program = program_named(name)
    except PluginError as error:
        return f"{'-':<8}{error}"
    return f"{program.version:<8}{program.label('en')}"


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
        if getattr(value, field.name) not in (None, (), False)
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


_WORDS = ("text", "label", "title")
_WIDTH = 100


def _say(indent: str, text: str) -> None:
    further = f"{indent}  " if text.startswith("- ") else indent
    print(
        textwrap.fill(text, _WIDTH, initial_indent=indent, subsequent_indent=further,
                      break_on_hyphens=False)
    )  # fmt: skip


def _is_record(value: Any) -> bool:
    return attrs.has(type(value)) and not isinstance(value, (Text, PartialDate))


def _nested(value: Any) -> bool:
    return _is_record(value) or (isinstance(value, tuple) and any(map(_is_record, value)))


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _plain(value: Any) -> str:
    if value is NONE:
        return "none (stated)"
    if isinstance(value, Text):
        return value.label("en")
    if isinstance(value, tuple):
        return ", ".join(_plain(item) for item in value)
    return {True: "yes"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def metrics(arguments: argparse.Namespace) -> int:
    """``metrics [NAME]``: a list, or one metric's card."""
    words = Words(arguments.locale)
    if arguments.name is None:
        for name in sorted({*CATALOGUE, *registry.find("metrics")}):
            print(f"{name:<24} {metric_title(name, words)}{_strangers(name)}")
        return 0
    metric = metric_named(arguments.name)
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
    for plugin in found:
        state = plugin.problem or ("ok" if asked else "")
        print(f"{plugin.group:<10} {plugin.name:<24} {plugin.origin:<24} {state}".rstrip())
    return 1 if asked and any(plugin.problem for plugin in found) else 0
