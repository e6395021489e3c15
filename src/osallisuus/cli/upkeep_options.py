"""The options of the commands that keep a store sound, and take people out of it."""

from __future__ import annotations

import argparse

from osallisuus.cli.arguments import as_json

__all__ = [
    "VAULT_ACTIONS",
    "add_doctor_options",
    "add_erase_options",
    "add_restore_options",
    "add_snapshot_options",
    "add_vault_options",
    "add_verify_options",
]

VAULT_ACTIONS = ("make", "put", "get", "find", "journal", "verify", "rotate")
"""What can be done with an identity vault on the command line."""

_KEY = "the file of the master key; default: the environment variable OSALLISUUS_VAULT_KEY"
_RING = "the file of the people's keys; default: VAULT.keys"


def add_erase_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``erase`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument(
        "person", nargs="?", metavar="PERSON",
        help="the id of the person; default: only finish what an erasure has left",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="say what would go; erase nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask; needed without a terminal")
    parser.add_argument(
        "--reason", default="erasure", help="goes into the journal and stays there; never who"
    )
    parser.add_argument("--actor", default="command line", help="goes into the store's journal")
    parser.add_argument("--vault", metavar="FILE", help="erase them from this vault as well")
    parser.add_argument("--key", metavar="FILE", help=_KEY)
    parser.add_argument("--ring", metavar="FILE", help=_RING)
    as_json(parser)


def add_verify_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``verify`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    as_json(parser)


def add_snapshot_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``snapshot`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("file", metavar="FILE", help="a new file, such as backup.db")
    _add_who(parser)
    as_json(parser)


def add_restore_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``restore`` to *parser*."""
    parser.add_argument(
        "file", metavar="FILE", help="a snapshot, or the .db file of a store; it stays as it is"
    )
    parser.add_argument("store", metavar="STORE", help="a new one, of any kind that keeps history")
    _add_who(parser)
    as_json(parser)


def _add_who(parser: argparse.ArgumentParser, of: str = "store") -> None:
    parser.add_argument("--actor", default="command line", help=f"goes into the {of}'s journal")
    parser.add_argument("--purpose", default="command line", help="the same")


def add_doctor_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``doctor`` to *parser*."""
    parser.add_argument("store", nargs="?", metavar="STORE", help="default: the installation only")
    as_json(parser)


def add_vault_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``vault`` to *parser*."""
    parser.add_argument("action", choices=VAULT_ACTIONS, metavar="ACTION", help=_ACTIONS)
    parser.add_argument("vault", metavar="FILE", help="the vault")
    parser.add_argument("person", nargs="?", metavar="PERSON", help="their id; for put and get")
    parser.add_argument("--key", metavar="FILE", help=_KEY)
    parser.add_argument("--ring", metavar="FILE", help=_RING)
    parser.add_argument(
        "--linking", metavar="FILE",
        help="make: the key file of imports, so that a name has one pseudonym in both",
    )  # fmt: skip
    parser.add_argument("--new-key", metavar="FILE", help="rotate: the file of the next key")
    _add_who(parser, "vault")
    as_json(parser)


_ACTIONS = (
    "make: a new one, with a new key if the key file is not there;"
    " put: keep a name and contacts, which are asked for and never given as arguments;"
    " get: who somebody is; find: the id of whoever is asked for; journal: who has looked;"
    " verify: what somebody changed; rotate: to a new master key"
)
