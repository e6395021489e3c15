"""Begin a package: ``python new.py my-plugin FOLDER`` makes FOLDER/my-plugin, with passing tests."""

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent / "package"


def new(name: str, folder: Path) -> Path:
    """Copy the files of the template, with your *name* where theirs stand."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        sys.exit(
            f"{name!r} is no name for a package: take small letters, digits and single hyphens"
        )
    package = name.replace("-", "_")
    words = {
        "your-distribution": name,
        "your_package": package,
        "your-plugin": name.removeprefix("osallisuus-"),
    }
    made = folder / name
    made.mkdir(parents=True)  # a folder that is there is somebody's work: it is left alone
    for source in sorted(HERE.rglob("*.*")):
        if source.suffix in (".md", ".py", ".toml", ".typed"):  # and nothing that a tool left there
            target, text = str(source.relative_to(HERE)), source.read_text("utf-8")
            for word, given in words.items():
                target, text = target.replace(word, given), text.replace(word, given)
            (made / target).parent.mkdir(parents=True, exist_ok=True)
            (made / target).write_text(text, "utf-8")
    return made


if __name__ == "__main__":
    print(new(sys.argv[1], Path(sys.argv[2])))
