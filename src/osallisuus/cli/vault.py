"""Names and contacts by pseudonym, for those who call people."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from osallisuus.cli.asking import ask, ask_many
from osallisuus.cli.terminal import print_json, print_table
from osallisuus.cli.verify import told
from osallisuus.errors import StoreError
from osallisuus.ingest.pseudonyms import read_key
from osallisuus.vault import Identity, KeyFile, KeyVariable, Vault, VaultError
from osallisuus.whole import refuse_taken

__all__ = ["open_vault", "vault"]


def vault(arguments: argparse.Namespace) -> int:
    """``vault ACTION FILE [PERSON]``."""
    if arguments.action == "make":
        refuse_taken(Path(arguments.vault))
        _linking(arguments)  # before a key is made
        _make_key(arguments.key)
    with open_vault(arguments, create=arguments.action == "make") as opened:
        return _ACTIONS[arguments.action](opened, arguments)


def open_vault(arguments: argparse.Namespace, *, create: bool = False) -> Vault:
    """The vault that a command names, under the key that it names."""
    return Vault.open(
        arguments.vault,
        keys=KeyVariable() if arguments.key is None else KeyFile(arguments.key),
        actor=arguments.actor,
        purpose=getattr(arguments, "purpose", "erase"),
        ring=arguments.ring,
        linking=_linking(arguments),
        create=create,
    )


def _linking(arguments: argparse.Namespace) -> bytes | None:
    file = getattr(arguments, "linking", None)
    return None if file is None else read_key(file)


def _make_key(path: str | None) -> None:
    if path is not None and not Path(path).exists():
        KeyFile(path).make()


def _make(opened: Vault, arguments: argparse.Namespace) -> int:
    _say({"vault": arguments.vault}, f"{arguments.vault}", arguments)
    return 0


def _put(opened: Vault, arguments: argparse.Namespace) -> int:
    person = arguments.person or opened.link(_external())
    name = ask("name (empty: as it is)")
    contacts = dict(map(_contact, ask_many("contact, such as phone: 050 … (empty: done)")))
    opened.put(person, name=name or None, contacts=contacts or None)
    _say({"person": person}, person, arguments)
    return 0


def _get(opened: Vault, arguments: argparse.Namespace) -> int:
    if arguments.person is None:
        raise StoreError("nobody is named", where="PERSON", remedy="name the id of a person")
    found = opened.get(arguments.person)
    if found is None:
        raise VaultError(
            "the vault has nobody under this id", where="PERSON", remedy="check the id"
        )
    _say(found.describe(), _written(found), arguments)
    return 0


def _find(opened: Vault, arguments: argparse.Namespace) -> int:
    person = opened.find(_external())
    if person is None:
        raise VaultError(
            "the vault knows nobody of this name",
            remedy="give the same parts as the list that was imported, in the same order",
        )
    _say({"person": person}, person, arguments)
    return 0


def _journal(opened: Vault, arguments: argparse.Namespace) -> int:
    rows = [
        (one.recorded_at.isoformat(), one.actor, one.purpose, one.operation, one.person or "")
        for one in opened.journal()
    ]
    heads = ("recorded_at", "actor", "purpose", "operation", "person")
    if arguments.json:
        print_json({"journal": [dict(zip(heads, row, strict=True)) for row in rows]})
    else:
        print_table(heads, rows)
    return 0


def _verify(opened: Vault, arguments: argparse.Namespace) -> int:
    return told(opened.verify(), as_json=arguments.json)


def _rotate(opened: Vault, arguments: argparse.Namespace) -> int:
    if arguments.new_key is None:
        raise StoreError("no next key is named", where="--new-key", remedy="name a new file")
    _make_key(arguments.new_key)
    people = opened.rotate(KeyFile(arguments.new_key))
    text = f"the keys of {people} people are wrapped under {arguments.new_key}"
    _say({"people": people, "key": arguments.new_key}, text, arguments)
    return 0


_ACTIONS: Final[dict[str, Callable[[Vault, argparse.Namespace], int]]] = {
    "make": _make,
    "put": _put,
    "get": _get,
    "find": _find,
    "journal": _journal,
    "verify": _verify,
    "rotate": _rotate,
}


def _external() -> list[str]:
    """By what a list tells people apart: each part on a line, such as name and day of birth."""
    return list(ask_many("name, and what else tells them apart in your list (empty: done)"))


def _contact(line: str) -> tuple[str, str]:
    kind, colon, value = (part.strip() for part in line.partition(":"))
    if not (kind and colon and value):
        raise VaultError("this is not a contact", where="stdin", remedy="such as phone: 050 …")
    return kind, value


def _written(found: Identity) -> str:
    lines = [found.name or "(no name)"]
    return "\n".join([*lines, *(f"{kind}: {value}" for kind, value in found.contacts.items())])


def _say(answer: dict[str, object], text: str, arguments: argparse.Namespace) -> None:
    if arguments.json:
        print_json(answer)
    else:
        print(text)
