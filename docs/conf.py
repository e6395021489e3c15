"""How Sphinx builds this manual. Nothing here reaches outside the checkout."""

from importlib.metadata import version as installed_version

project = "osallisuus"
author = "The osallisuus authors"
copyright = "The osallisuus authors"
version = release = installed_version("osallisuus")

extensions = ["myst_parser"]
exclude_patterns = ["facts_tables.md"]  # a part of facts.md
myst_heading_anchors = 3
nitpicky = True

html_theme = "furo"
html_title = "osallisuus"
html_show_sourcelink = False
html_copy_source = False
