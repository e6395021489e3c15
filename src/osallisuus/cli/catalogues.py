"""What is installed: programmes, metrics, plug-ins."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

import attrs

from osallisuus import plugins as registry
from osallisuus.errors import PluginError, did_you_mean
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import strata_of
from osallisuus.metrics.lint import lint
from osallisuus.model.stated import NONE, each
from osallisuus.register import metric_named, program_named
from osallisuus.reports.words import Words

__all__ = ["metrics", "plugins", "programs"]


def programs(arguments: argparse.Namespace) -> int:
    """``programs [NAME]``."""
    if arguments.name is None:
        for name in sorted(registry.find("programs")):
            program = program_named(name)
            print(f"{name:<20}{program.version:<8}{program.title.en or program.title.fi}")
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


def _print(value: Any, indent: str) -> None:
    if value is NONE:
        print(f"{indent}none (stated)")
    elif isinstance(value, tuple):
        for item in value:
            _print(item, indent)
    elif attrs.has(type(value)):
        text = getattr(value, "en", None) or getattr(value, "fi", None)
        if text:
            print(f"{indent}{text}")
            return
        shown = {
            field.name: getattr(value, field.name)
            for field in attrs.fields(type(value))
            if getattr(value, field.name) not in (None, (), False)
        }
        simple = {k: v for k, v in shown.items() if not attrs.has(type(v)) and not _nested(v)}
        if simple:
            listed = "; ".join(f"{k.replace('_', ' ')}: {_plain(v)}" for k, v in simple.items())
            print(f"{indent}- {listed}")
        for name, inner in shown.items():
            if name not in simple:
                print(f"{indent}  {name.replace('_', ' ')}:")
                _print(inner, f"{indent}    ")
    else:
        print(f"{indent}{_plain(value)}")


def _nested(value: Any) -> bool:
    return isinstance(value, tuple) and any(attrs.has(type(item)) for item in value)


def _plain(value: Any) -> str:
    if value is NONE:
        return "none (stated)"
    if isinstance(value, tuple):
        return ", ".join(_plain(item) for item in value)
    return str(value)


def metrics(arguments: argparse.Namespace) -> int:
    """``metrics [NAME]``: a list, or one metric's card."""
    words = Words("en")
    if arguments.name is None:
        for name in sorted({*CATALOGUE, *registry.find("metrics")}):
            print(f"{name:<24}{words.label('metric', name + '.title')}")
        return 0
    metric = metric_named(arguments.name)
    lineage = lint(metric)
    print(f"{metric.name} ({metric.kind}), definition {metric.definition}")
    if f"metric.{metric.name}.sentence" in words:
        print(words(f"metric.{metric.name}.sentence"))
    print(f"source: {metric.source}")
    for name, value in sorted(metric.policies.items()):
        print(f"policy {name}: {value}")
    _list("reads", lineage.fields)
    _list("can be asked by", [*strata_of(metric), "person.<trait>"])
    print(f"cases:{metric.cases}")
    return 0


def _list(title: str, items: Iterable[str]) -> None:
    print(f"{title}: {', '.join(items)}")


def plugins(arguments: argparse.Namespace) -> int:
    """``plugins [NAME]``: all of them without importing any, or one with its contract checked."""
    found = list(registry.status(check=arguments.name is not None))
    chosen = [plugin for plugin in found if arguments.name in (None, plugin.name)]
    if not chosen:
        names = {plugin.name for plugin in found}
        raise PluginError(
            "no plug-in has this name", where="plugins", remedy=did_you_mean(arguments.name, names)
        )
    for plugin in chosen:
        state = plugin.problem or ("ok" if arguments.name else "")
        print(f"{plugin.group:<10} {plugin.name:<20} {plugin.origin:<24} {state}".rstrip())
    return 1 if any(plugin.problem for plugin in chosen) and arguments.name else 0
