"""How Sphinx builds this manual. Nothing here reaches outside the checkout."""

from importlib.metadata import version as installed_version
from typing import Any

project = "osallisuus"
author = "The osallisuus authors"
copyright = "The osallisuus authors"
version = release = installed_version("osallisuus")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["facts_tables.md"]  # a part of facts.md
myst_heading_anchors = 3
nitpicky = True
# a type that stands on no page is shown by its name; there is no other manual to point to
nitpick_ignore_regex = [("py:.*", ".*")]
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints = "description"
autodoc_typehints_format = "short"
autodoc_typehints_description_target = "documented"

html_theme = "furo"
html_title = "osallisuus"
html_show_sourcelink = False
html_copy_source = False
html_static_path = ["static"]
html_css_files = ["manual.css"]
html_extra_path = ["llms.txt"]


def setup(app: Any) -> None:
    """A page in Finnish says so to whoever reads it aloud."""
    app.connect("html-page-context", say_language)


def say_language(_app: Any, pagename: str, _template: str, context: Any, _tree: Any) -> None:
    """Set the language of a page by the folder that it stands in."""
    if pagename.startswith("fi/"):
        context["language"] = "fi"
