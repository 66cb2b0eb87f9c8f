"""`evaluate`: how right a matched register is, by its truth column."""

import argparse
import json
from pathlib import Path

from matching.evaluate import evaluate
from matching.readers.base import problem

HELP = "tell how right a matched register is, by a column of true person_ids"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("output", type=Path)
    parser.add_argument(
        "--truth", required=True, help="column with the true person_id, empty where there is none"
    )
    parser.add_argument(
        "--by", action="append", default=[], metavar="COLUMN", help="also by each value of this column"
    )


def run(args: argparse.Namespace) -> int:
    if not args.output.is_file():
        raise problem("no_file", "there is no such register")
    figures = evaluate(args.output, args.truth, by=args.by, threads=args.threads, memory=args.memory)
    print(json.dumps(figures, indent=2))
    return 0
