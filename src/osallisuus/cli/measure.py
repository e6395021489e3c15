"""One metric, printed as a table or as JSON."""

from __future__ import annotations

import argparse
import json
import sys

from osallisuus.register import open_register

__all__ = ["measure"]


def measure(arguments: argparse.Namespace) -> int:
    """``measure STORE METRIC``: through the disclosure gate, unless ``--internal``."""
    settings = {
        "by": arguments.by,
        "periods": arguments.periods,
        "as_of": arguments.as_of,
        "program": arguments.program,
        "confidence": arguments.confidence,
    }
    place = arguments.store
    with open_register(place, actor="command line", purpose="measure", create=False) as register:
        profile = "internal" if arguments.internal else "public"
        released = register.release(arguments.metric, profile=profile, **settings)
    (result,) = released.results
    if arguments.json:
        print(json.dumps(result.to_dict(), indent=2, ensure_ascii=False, sort_keys=False))
        return 0
    from osallisuus.exporters.text import TextExporter
    from osallisuus.reports.build import result_document

    document = result_document(result, released, locale=arguments.locale)
    sys.stdout.write(TextExporter().render(document).decode())
    return 0
