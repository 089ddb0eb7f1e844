"""Lighthouse 12 (mobile) on the demo's home page, a challenge and an idea, behind gunicorn: the table of RESULTS.md.

``python benchmarks/lighthouse.py`` fetches Lighthouse with npx; ``LIGHTHOUSE`` names an installed one instead.
``--runs 3`` takes the median of three. Ends with 1 when a page misses what it has to reach.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import RunningHouse
from tests.browser.test_axe import IDS
from tests.services import valkey

LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100}
PAGES = {"home": "/", "challenge": "/challenges/{decided}", "idea": "/ideas/{declined}"}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
MEASURES = {
    "first-contentful-paint": "FCP",
    "largest-contentful-paint": "LCP",
    "total-blocking-time": "TBT",
    "cumulative-layout-shift": "CLS",
    "total-byte-weight": "weight",
}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--findings", action="store_true", help="what kept a page from a full score")
    asked.add_argument("--at", help="a house that runs already, and its folder after a comma")
    options = asked.parse_args()
    if options.at:
        base, _, folder = options.at.partition(",")
        return measure_all(base, Path(folder), options)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "redis").mkdir()
        (Path(folder) / "home").mkdir()
        server = valkey.start(Path(folder) / "redis")
        house = RunningHouse(Path(folder) / "home", server.url)
        try:
            house.command("migrate")
            house.command("demo")
            house.start()
            return measure_all(house.base, house.home, options)
        finally:
            house.stop()
            server.stop()


def measure_all(base: str, home: Path, options: argparse.Namespace) -> int:
    connection = sqlite3.connect(home / "innovation.sqlite3")
    ids = {name: (connection.execute(query + " LIMIT 1").fetchone() or ["none"])[0] for name, query in IDS.items()}
    connection.close()
    print(f"| page | {' | '.join(LEAST)} | {' | '.join(MEASURES.values())} |")
    print("| --- " * (1 + len(LEAST) + len(MEASURES)) + "|")
    missed = False
    for name, path in PAGES.items():
        reports = [measure(base + path.format(**ids)) for _ in range(options.runs)]
        scores = {kind: round(100 * statistics.median(r["categories"][kind]["score"] for r in reports)) for kind in LEAST}
        # What one run shows stands for all of them: the one in the middle by performance.
        middle = sorted(reports, key=lambda report: report["categories"]["performance"]["score"])[len(reports) // 2]
        shown = [
            str(middle["audits"][audit]["displayValue"]).replace("\u00a0", " ").removeprefix("Total size was ")
            for audit in MEASURES
        ]
        print(f"| {name} | {' | '.join(str(score) for score in scores.values())} | {' | '.join(shown)} |", flush=True)
        missed = missed or any(scores[kind] < least for kind, least in LEAST.items())
        if options.findings:
            findings(middle)
    return 1 if missed else 0


def measure(address: str) -> dict[str, Any]:
    """One run of Lighthouse: its report."""
    command = os.environ["LIGHTHOUSE"].split() if "LIGHTHOUSE" in os.environ else ["npx", "--yes", "lighthouse@12"]
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    kinds = f"--only-categories={','.join(LEAST)}"
    done = subprocess.run(
        [*command, address, "--quiet", "--output=json", "--form-factor=mobile", kinds, f"--chrome-flags={FLAGS}"],
        env={**os.environ, "CHROME_PATH": chromium or ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def findings(report: dict[str, Any]) -> None:
    for kind in LEAST:
        for part in report["categories"][kind]["auditRefs"]:
            audit = report["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 1:
                print(f"    {kind}: {part['id']} {audit['score']} {audit.get('displayValue', '')}")
                for item in audit.get("details", {}).get("items", [])[:4]:
                    print(f"        {json.dumps(item)[:240]}")


if __name__ == "__main__":
    sys.exit(main())
