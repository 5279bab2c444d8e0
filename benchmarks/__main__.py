"""Run every benchmark, or those named: `python -m benchmarks [NAME …]`. Each prints ratios measured in one run."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks


def main(names: list[str]) -> int:
    """Run them one after the other; a floor that is missed is said by the benchmark and makes this fail."""
    known = sorted(
        module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_")
    )
    unknown = set(names) - set(known)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
        return 2
    missed = [name for name in names or known if not _holds(name)]
    print(f"\nMissed: {', '.join(missed)}." if missed else "\nEvery floor is reached.")
    return 1 if missed else 0


def _holds(name: str) -> bool:
    print(f"\n== {name}", flush=True)
    return bool(importlib.import_module(f"benchmarks.{name}").main())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
