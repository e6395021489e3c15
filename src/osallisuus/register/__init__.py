"""Register: the one door for applications."""

from osallisuus.register.erasure import ErasureReceipt
from osallisuus.register.exports import Exported
from osallisuus.register.facts import Receipt
from osallisuus.register.named import code_of, metric_named, program_named, program_toml
from osallisuus.register.opening import Register, file_of, open_register, upgrade_store

__all__ = [
    "ErasureReceipt",
    "Exported",
    "Receipt",
    "Register",
    "code_of",
    "file_of",
    "metric_named",
    "open_register",
    "program_named",
    "program_toml",
    "upgrade_store",
]
