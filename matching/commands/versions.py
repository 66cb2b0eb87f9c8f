"""`versions STORE`: the published versions, newest first."""

import argparse
from pathlib import Path

from matching import store

NAME = "versions"
HELP = "list the published versions, newest first: version, as_of, persons"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", metavar="STORE", type=Path)


def run(arguments: argparse.Namespace) -> int:
    for snapshot in store.versions(arguments.store):
        print(snapshot.version, snapshot.as_of.isoformat(), snapshot.persons, sep="\t")
    return 0
