"""Report known vulnerabilities, or with the argument ``licences`` write docs/licences.md."""

from __future__ import annotations

import argparse
import sys

from tests.audit import licences, vulnerabilities


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__)
    parser.add_argument("subject", nargs="?", choices=["vulnerabilities", "licences"], default="vulnerabilities")
    parser.add_argument(
        "--allow-offline", action="store_true", help="Exit with 0 also if the vulnerabilities could not be asked for."
    )
    arguments = parser.parse_args()
    if arguments.subject == "licences":
        licences.write()
        return 0
    report = vulnerabilities.audit()
    print("\n".join(report.lines()))
    return report.exit_status(allow_offline=arguments.allow_offline)


if __name__ == "__main__":
    sys.exit(main())
