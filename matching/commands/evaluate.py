"""`evaluate`: how right a matched register is, by its truth column."""

import argparse
import json
from pathlib import Path

from matching.evaluate import evaluate

HELP = "tell how right a matched register is, by a column of true person_ids"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("output", type=Path)
    parser.add_argument(
        "--truth", required=True, help="column with the true person_id, empty where there is none"
    )


def run(args: argparse.Namespace) -> int:
    print(json.dumps(evaluate(args.output, args.truth), indent=2))
    return 0
