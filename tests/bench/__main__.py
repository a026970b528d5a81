"""`dev.py bench`: every measured row beside its baseline, as a ratio of one run (machines differ).

Each `bench_*.py` offers `rows(folder) -> Iterator[Row]`. `--write` renews docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench import bench_printing, bench_record, bench_start, bench_store, bench_sync
from tests.bench.row import Row

ROOT = Path(__file__).resolve().parents[2]
BENCHES = (bench_start, bench_store, bench_record, bench_printing, bench_sync)
HEAD = """# Benchmarks

Measured by `python3 dev.py bench`. A ratio is taken within one run against the baseline named beside
it; absolute numbers are those of one run on {machine} and only show the order of magnitude.

"""


def table(rows: list[Row]) -> Iterator[str]:
    yield "| what | ours | baseline | ratio | bar |"
    yield "|---|---|---|---|---|"
    for row in rows:
        ratio = f"{row.ours / row.baseline:.2f}" if row.baseline else "-"
        baseline = f"{row.shown(row.baseline)} ({row.against})" if row.baseline else "-"
        yield f"| {row.name} | {row.shown(row.ours)} | {baseline} | {ratio} | {row.bar} |"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md")
    parser.add_argument("--only", help="name of one bench, e.g. store")
    arguments = parser.parse_args()
    rows: list[Row] = []
    for bench in BENCHES:
        if arguments.only and not bench.__name__.endswith(f"bench_{arguments.only}"):
            continue
        with tempfile.TemporaryDirectory(prefix="hoso831-bench-") as folder:
            for row in bench.rows(Path(folder)):
                rows.append(row)
                sys.stderr.write(f"· {row.name}\n")
    text = "\n".join(table(rows))
    sys.stdout.write(f"{text}\n")
    if arguments.write:
        machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        notes = ROOT / "docs" / "benchmarks.md"
        kept = notes.read_text("utf-8").partition("\n## Notes\n") if notes.exists() else ("", "", "")
        notes.write_text(f"{HEAD.format(machine=machine)}{text}\n{kept[1]}{kept[2]}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
