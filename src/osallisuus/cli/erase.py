"""A person out of a store for good."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack

from osallisuus.cli.asking import agreed
from osallisuus.cli.store import existing
from osallisuus.cli.terminal import print_json, print_table
from osallisuus.cli.vault import open_vault
from osallisuus.errors import ErasureError
from osallisuus.register import ErasureReceipt, Register

__all__ = ["erase"]


def erase(arguments: argparse.Namespace) -> int:
    """``erase STORE [PERSON]``: asked for once more, done, and told what is left."""
    with ExitStack() as stack:
        register = stack.enter_context(existing(arguments.store, "erase", arguments.actor))
        if arguments.person is None:
            return _finish(register, as_json=arguments.json)
        vault = stack.enter_context(open_vault(arguments)) if arguments.vault else None
        asked = {"person": arguments.person, "reason": arguments.reason, "vault": vault}
        receipt = register.erase(**asked, dry_run=True)
        unfinished = register.store.unfinished_erasures()
        if not receipt.found and not unfinished:
            raise ErasureError(
                "nothing is recorded under this id", where="PERSON",
                remedy="check the id; a name is never one, and who was erased is not there",
            )  # fmt: skip
        if not arguments.dry_run:
            if not arguments.json and not arguments.yes:
                _print(receipt)
            if not agreed("erase all of this for good?", yes=arguments.yes):
                print("nothing was erased", file=sys.stderr)
                return 1
            receipt = register.erase(**asked)
    if arguments.json:
        print_json(receipt.to_dict())
    else:
        _print(receipt)
    return 1 if receipt.pending else 0


def _finish(register: Register, *, as_json: bool) -> int:
    pending = register.finish_erasure()
    if as_json:
        print_json({"cleared": not pending, "pending": list(pending)})
    else:
        print("nothing is left to clear" if not pending else "\n".join(pending))
    return 1 if pending else 0


def _print(receipt: ErasureReceipt) -> None:
    would = "would go" if receipt.dry_run else "gone"
    someone = "would name someone" if receipt.dry_run else "name someone now"
    renamed = "would get another id" if receipt.dry_run else "have another id now"
    rows = [
        *((table, str(count), would) for table, count in receipt.taken.items()),
        *((table, str(count), f"of others: past {would}") for table, count in receipt.shortened.items()),
        *((table, str(count), f"of others: {someone}") for table, count in receipt.named.items()),
        *((table, str(count), f"of others: {renamed}") for table, count in receipt.renamed.items()),
    ]  # fmt: skip
    if rows:
        print_table(("table", "facts", ""), rows, right=(1,))
    if receipt.vault:
        print(f"\ntheir name and contacts: {would}")
    if receipt.free_texts:
        told = ", ".join(f"{count} in {table}" for table, count in receipt.free_texts.items())
        print(f"\nfree texts of others that somebody should read, since they may name them: {told}")
    if receipt.kept:
        print(f"\nplaces of the store that still hold the id: {receipt.kept}")
    for what in receipt.pending:
        print(f"\nnot cleared yet: {what}; osallisuus erase STORE finishes it")
    if receipt.beyond:
        print("\nnot in our reach:")
        for one in receipt.beyond:
            print(f"  {one}")
    if receipt.cleared:
        print("\nevery byte is cleared from the files of the store")
