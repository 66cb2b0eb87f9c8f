"""`versions STORE`: the published versions, newest first."""

import argparse
from pathlib import Path

from matching.readers.base import problem
from matching.store import versions as store

NAME = "versions"
HELP = "list the published versions, newest first: version, as_of, persons"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", metavar="STORE", type=Path)


def run(arguments: argparse.Namespace) -> int:
    if not (arguments.store / "versions").is_dir():
        raise problem("empty_store", "there is no such store")
    for snapshot in store.versions(arguments.store):
        print(snapshot.version, snapshot.as_of.isoformat(), snapshot.persons, sep="\t")
    return 0
