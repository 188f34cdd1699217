"""Report known vulnerabilities, or write docs/licences.md (``licences``) or a bill of materials (``sbom``)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.audit import licences, sbom, vulnerabilities


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__)
    parser.add_argument(
        "subject", nargs="?", choices=["vulnerabilities", "licences", "sbom"], default="vulnerabilities"
    )
    parser.add_argument(
        "--allow-offline", action="store_true", help="Exit with 0 also if the vulnerabilities could not be asked for."
    )
    parser.add_argument(
        "--out", type=Path, default=Path("out/sbom.json"), help="where the bill of materials is written"
    )
    arguments = parser.parse_args()
    if arguments.subject == "licences":
        licences.write()
        return 0
    if arguments.subject == "sbom":
        sbom.write(arguments.out)
        return 0
    report = vulnerabilities.audit()
    print("\n".join(report.lines()))
    return report.exit_status(allow_offline=arguments.allow_offline)


if __name__ == "__main__":
    sys.exit(main())
