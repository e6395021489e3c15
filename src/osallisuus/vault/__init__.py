"""Names and contacts, apart from the facts and sealed; needs the extra ``crypto``."""

from osallisuus.vault.identity import Identity
from osallisuus.vault.journal import Access
from osallisuus.vault.master import KeyFile, KeyVariable
from osallisuus.vault.sealing import VaultError
from osallisuus.vault.vault import Vault

__all__ = ["Access", "Identity", "KeyFile", "KeyVariable", "Vault", "VaultError"]
