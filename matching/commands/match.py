"""`match`: match a register and write the updated one."""

import argparse
import json
from pathlib import Path
from typing import Any

from matching import engine
from matching.commands import options
from matching.fields import SUBJECTS
from matching.progress import steps
from matching.readers.base import problem
from matching.register import outputs

HELP = "match a register against a store and write the updated register"
STEPS = 29


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("register", type=Path)
    parser.add_argument("store", type=Path)
    parser.add_argument(
        "--output", type=Path, required=True, help=".csv, .xlsx, .parquet or fixed-width .txt"
    )
    parser.add_argument("--changes", type=Path, help="CSV of what differs from the register")
    parser.add_argument("--report", type=Path, required=True, help="JSON, for the operator")
    parser.add_argument("--subject", choices=SUBJECTS, default="person")
    parser.add_argument("--mapping", type=Path, help='JSON: {"their header": "field"}')
    parser.add_argument("--fields", default="", help="fields to give, by commas")
    parser.add_argument("--entitled-to-protected", action="store_true")
    parser.add_argument("--on", type=options.day, help="day that validity is judged on (today)")
    parser.add_argument("--version", help="version of the store (the newest)")
    parser.add_argument("--model", type=Path, help="JSON: the model of the comparisons (the shipped one)")
    parser.add_argument("--engine", choices=engine.ENGINES, default="duckdb", help="what joins and scores")
    parser.add_argument(
        "--csv-like-input", action="store_true", help="delimiter and encoding of the register"
    )
    parser.add_argument("--temp", type=Path, help="folder to spill to (a private one beside the output)")


def run(args: argparse.Namespace) -> int:
    if not args.register.is_file():
        raise problem("no_file", "there is no such register")
    read = (args.register, args.store, args.mapping, args.model)
    outputs.refuse_overwriting((args.output, args.report, args.changes), read)
    with outputs.whole_file(args.report) as part, steps(args.progress, total=STEPS) as on_step:
        report = engine.match(
            args.register,
            args.store,
            args.output,
            changes=args.changes,
            version=args.version,
            subject=args.subject,
            mapping=read_mapping(args.mapping),
            fields=[name.strip() for name in args.fields.split(",") if name.strip()],
            entitled_to_protected=args.entitled_to_protected,
            on=args.on,
            model=args.model,
            engine=args.engine,
            csv_like_input=args.csv_like_input,
            threads=args.threads,
            memory=args.memory,
            temp=args.temp,
            progress=on_step,
            last=args.last,
        )
        part.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0


def read_mapping(path: Path | None) -> Any:
    """The JSON in `path`. Raises InputProblems."""
    if path is None:
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise problem("mapping_invalid", "the mapping can't be read as JSON") from error
