"""Whom to call and encourage before a group starts."""

from __future__ import annotations

import argparse

from osallisuus.cli.answers import of_reminder
from osallisuus.cli.store import existing
from osallisuus.cli.terminal import print_json
from osallisuus.rules.reminders import Reminder
from osallisuus.words import Words

__all__ = ["remind"]


def remind(arguments: argparse.Namespace) -> int:
    """``remind STORE --program NAME --on DATE --days N``: internal, in the order of ids."""
    words = Words(arguments.locale)
    with existing(arguments.store, "remind") as register:
        found = register.reminders(arguments.program, on=arguments.on, days=arguments.days)
    if arguments.json:
        asked = {"program": arguments.program, "on": f"{arguments.on}", "days": arguments.days}
        print_json({"internal": True, **asked, "waiting": [of_reminder(one) for one in found]})
        return 0
    print(words("document.internal"))
    day = words.locale.day(arguments.on)
    print(words("remind.title", program=arguments.program, day=day, n=arguments.days))
    for one in found:
        print(_line(one, words))
    print(words("remind.order") if found else words("remind.nobody"))
    return 0


def _line(one: Reminder, words: Words) -> str:
    start = words("remind.no_start")
    if one.starts_on is not None:
        start = words("remind.starts", group=one.group, day=words.locale.day(one.starts_on))
    contact = words("remind.no_contact")
    if one.last_contact is not None:
        contact = words("remind.contact", day=words.locale.day(one.last_contact))
    return words("remind.waits", person=one.person, start=start, contact=contact)
