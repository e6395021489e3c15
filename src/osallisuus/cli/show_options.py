"""The views of ``show``, each with its own options."""

from __future__ import annotations

import argparse

from osallisuus.cli.arguments import PROGRAM, as_json, day, locale, period

__all__ = ["add_show_options"]

_VIEWS = {
    "eligibility": "how each criterion stands for a person, and what a human decided",
    "roles": "the roles of a person, those that are open, and the ways between them",
    "guidance": "a case of guidance, or those in which it is time for a talk",
    "community": "a community: its size, ways of taking part, decisions, rules and areas",
    "ideas": "what has become of ideas, and who is still to be told",
    "needs": "what encounters in the field were about",
}
_IDS = {
    "eligibility": ("PERSON", "the id of a person, or of an interview"),
    "roles": ("PERSON", "the id of a person"),
    "guidance": ("CASE", "the id of a case; default: all in which it is time for a talk"),
    "community": ("GROUP", "the id of a group"),
}
_NAMED_BY_ID = ("guidance", "community")
"""Views of something that names its programme itself."""


def add_show_options(parser: argparse.ArgumentParser) -> None:
    """Add all views to *parser*."""
    views = parser.add_subparsers(required=True, metavar="WHAT", dest="what")
    for name, text in _VIEWS.items():
        view = views.add_parser(name, help=text, description=text)
        view.add_argument("store", metavar="STORE")
        if name in _IDS:
            metavar, says = _IDS[name]
            view.add_argument(
                "id", metavar=metavar, help=says, nargs="?" if name == "guidance" else None
            )
        view.add_argument(
            "--program", required=name not in _NAMED_BY_ID, metavar="NAME",
            help=PROGRAM,
        )  # fmt: skip
        if name == "needs":
            view.add_argument("--period", required=True, type=period, metavar="FROM..TO")
        else:
            view.add_argument("--on", required=True, type=day, metavar="DATE", help="today, say")
        if name == "ideas":
            view.add_argument(
                "--origin", metavar="CODE", help="only of this circle, such as encounter_forms"
            )
        as_json(view)
        locale(view)
