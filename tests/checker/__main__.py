"""Check whole sets of days, and say how many statements are false or unknown."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.checker.case import Case
from tests.checker.checker import LANGUAGES, check
from tests.checker.deliver import deliver
from tests.checker.findings import Finding, Report
from worker.domain.groups import Language as LanguageCode


def main(arguments: Sequence[str]) -> int:
    """Check the days that the arguments name; 1 when a statement is false or unknown."""
    options = _parser().parse_args(arguments)
    languages = [options.language] if options.language else list(LANGUAGES)
    reports = [(case, check(case, deliver(case))) for case in _cases(options, languages)]
    for case, report in reports:
        for finding in report.findings[: options.show]:
            print(f"{case.name}: {finding}")
    print(summary(report for _, report in reports))
    return 1 if any(report.findings for _, report in reports) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.checker", description=__doc__)
    parser.add_argument("--language", choices=list(LANGUAGES), help="one language only")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print so many findings of each day")
    sets = parser.add_subparsers(dest="set", required=True)
    calls = sets.add_parser("calls", help="every working day of a file of calls")
    calls.add_argument("file", type=Path)
    calls.add_argument("zone")
    days = sets.add_parser("days", help="generated days")
    days.add_argument("number", type=int)
    days.add_argument("--seed", type=int, default=1)
    sets.add_parser("awkward", help="days that are hard to describe")
    sets.add_parser("followed", help="days after a day that was talked about")
    sets.add_parser("planned", help="days with a plan of the day after")
    sets.add_parser("closed", help="holidays")
    return parser


def _cases(options: argparse.Namespace, languages: Sequence[LanguageCode]) -> Iterator[Case]:
    from tests.checker import (
        awkward,
        closed,
        explained,
        followed,
        generated,
        lasting,
        month,
        planned,
        standups,
        unusual_days,
    )

    for language in languages:
        if options.set == "calls":
            yield from month.cases(options.file, options.zone, language)
        elif options.set == "days":
            yield from generated.cases(options.number, options.seed, language)
        elif options.set == "followed":
            yield from followed.cases(language)
        elif options.set == "closed":
            yield from closed.cases(language)
        elif options.set == "planned":
            yield from planned.cases(language)
            yield from standups.cases(language)
        else:
            yield from awkward.cases(language)
            yield from explained.cases(language)
            yield from lasting.cases(language)
            yield from unusual_days.cases(language)


def summary(reports: Iterable[Report]) -> str:
    """The numbers of a run: days, statements, false, unknown, and each kind with the days that have it."""
    all_reports = list(reports)
    findings: Counter[str] = Counter(finding.kind for report in all_reports for finding in report.findings)
    days: Counter[str] = Counter(
        kind for report in all_reports for kind in {finding.kind for finding in report.findings}
    )
    statements, unknown = (
        sum(report.statements for report in all_reports),
        sum(report.unknown for report in all_reports),
    )
    false = sum(report.false for report in all_reports)
    lines = [f"{len(all_reports)} days, {statements} statements, {false} false, {unknown} unknown"]
    lines += [f"{number:6} on {days[kind]:4} days  {kind}" for kind, number in findings.most_common()]
    return "\n".join(lines)


def first_of_each_kind(reports: Iterable[Report]) -> list[Finding]:
    """One example of each kind of falsehood."""
    examples: dict[str, Finding] = {}
    for report in reports:
        for finding in report.findings:
            examples.setdefault(finding.kind, finding)
    return list(examples.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
