"""`prune STORE`: remove versions that nobody needs."""

import argparse
from pathlib import Path

from matching.commands import options
from matching.store import versions as store

NAME = "prune"
HELP = "remove old versions but the newest, those named and those in use; prints what went"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", metavar="STORE", type=Path)
    parser.add_argument("--keep", nargs="+", default=[], metavar="VERSION", help="versions to keep too")
    parser.add_argument(
        "--newest", type=options.whole(1), default=2, metavar="N", help="so many of the newest stay (2)"
    )


def run(arguments: argparse.Namespace) -> int:
    for version in arguments.keep:
        store.open_version(arguments.store, version)  # a name mistyped would keep nothing
    for version in store.prune(arguments.store, arguments.keep, newest=arguments.newest):
        print(version)
    return 0
