"""What a bench gives: one line of JSON per case, with the peer's value from the same run beside ours."""

import json
import os
import platform
import sqlite3
import statistics
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """One measured case. Without a ``peer`` there is no ratio; ``notes`` are further facts of the case.

    The ratio is ours over the peer's: more is better for a rate, less for a time or a size.
    """

    bench: str
    case: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    ratio: float | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """Give the result as one line of JSON."""
        shown = {
            "bench": self.bench,
            "case": self.case,
            "value": _short(self.value),
            "unit": self.unit,
            "peer": self.peer,
            "peer_value": _short(self.peer_value),
            "ratio": _short(self.ratio),
            **self.notes,
            "versions": {"python": platform.python_version(), **self.versions},
            "machine": {"cores": os.cpu_count()},
        }
        return json.dumps(shown, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Peer:
    """Whom we are measured against: what it is and how it is set, and the versions that took part."""

    name: str
    versions: Mapping[str, str]


def against(bench: str, case: str, unit: str, pairs: Iterable[tuple[float, float]], peer: Peer) -> Result:
    """Sum up repeats, each measured as (ours, the peer's) one right after the other: medians, and the ratios' spread.

    The ratio is the median of the repeats' ratios, so that a noisy moment, which both shared, weighs little.
    """
    repeats = list(pairs)
    ratios = [ours / theirs for ours, theirs in repeats if theirs]
    return Result(
        bench,
        case,
        statistics.median(ours for ours, _ in repeats),
        unit,
        peer.name,
        statistics.median(theirs for _, theirs in repeats),
        statistics.median(ratios) if ratios else None,
        peer.versions,
        {"repeats": len(repeats), "ratios": [_short(min(ratios)), _short(max(ratios))] if ratios else []},
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Give the smallest of the values that at least this share (0 to 1) of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-len(ordered) * share // 1) - 1))]


def versions(*packages: str) -> dict[str, str]:
    """Give the installed packages' versions, by name."""
    return {package: version(package) for package in packages}


def sqlite_version() -> dict[str, str]:
    """Give the version of the SQLite library."""
    return {"sqlite": sqlite3.sqlite_version}


@cache
def git_version() -> str:
    """Give git's version."""
    return subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.split()[2]


_DIGITS = 4


def _short(value: float | None) -> float | None:
    """Round to four significant digits: nothing here is measured better than that."""
    return None if value is None else float(f"{value:.{_DIGITS}g}")
