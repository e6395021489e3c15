"""The examples as stores, and the command line called in this process."""

import pytest

from osallisuus.cli.main import main
from tests.cli.running import EXAMPLES, Run


@pytest.fixture(scope="session")
def stores(tmp_path_factory):
    """A .db file of each example, imported by the command line."""
    folder = tmp_path_factory.mktemp("stores")
    places = {name: str(folder / f"{name}.db") for name in ("wertzu", "verna")}
    for name, place in places.items():
        assert main(["import", str(EXAMPLES / name), "--into", place]) == 0
    return places


@pytest.fixture
def call(capsysbinary, tmp_path, monkeypatch):
    """Run a command here, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # how argparse ends
            code = stop.code
        out, err = capsysbinary.readouterr()
        return Run(code, out.decode("utf-8"), err.decode("utf-8"))

    return call
