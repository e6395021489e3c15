"""Register: the one door for applications."""

from osallisuus.register.facts import Receipt
from osallisuus.register.named import metric_named, program_named
from osallisuus.register.opening import Register, file_of, open_register

__all__ = ["Receipt", "Register", "file_of", "metric_named", "open_register", "program_named"]
