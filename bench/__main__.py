"""Runs the benches one after the other and prints a line of JSON per case: ``python -m bench [names…] [--quick]``."""

import argparse

from bench import (
    audiences,
    authors,
    commands,
    compilation,
    fanout,
    growth,
    live,
    merging,
    negotiation,
    reading,
    start,
    text,
    word,
)

BENCHES = {
    "commands": commands,
    "fanout": fanout,
    "start": start,
    "text": text,
    "compilation": compilation,
    "merging": merging,
    "authors": authors,
    "growth": growth,
    "word": word,
    "reading": reading,
    "negotiation": negotiation,
    "audiences": audiences,
    "live": live,
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHES)}; all, if none is named")
    parser.add_argument("--quick", action="store_true", help="smaller sizes: a look, no measurement")
    asked = parser.parse_args()
    if unknown := set(asked.names) - BENCHES.keys():
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    for name in asked.names or BENCHES:
        bench = BENCHES[name]
        for result in bench.run(bench.QUICK if asked.quick else bench.FULL):
            print(result.line(), flush=True)


if __name__ == "__main__":
    main()
