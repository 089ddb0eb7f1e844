"""What was taken from others is unchanged, and nothing names a place it was fetched from."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import subprocess
from pathlib import Path

import innovation
from innovation.kernel import assets

ROOT = Path(innovation.__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"


def test_vendored_files_are_what_the_manifest_says() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text("utf-8"))
    text = json.dumps(manifest)
    for path in sorted(p for p in VENDOR.rglob("*") if p.is_file() and p.name != "manifest.json"):
        digest = hashlib.sha384(path.read_bytes())
        spelled = {digest.hexdigest(), base64.b64encode(digest.digest()).decode()}
        assert any(each in text for each in spelled), path
        assert path.relative_to(VENDOR).as_posix() in text, path


def test_style_and_script_stay_under_sixty_kilobytes() -> None:
    loaded = assets.load(ROOT / "static")
    scripts = [*(ROOT / "static" / "js").glob("*.js"), *VENDOR.rglob("*.js")]
    size = len(loaded.style_sheet_gzip) + sum(len(gzip.compress(path.read_bytes())) for path in scripts)
    assert size < 60 * 1024


def test_tracked_files_name_no_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    names = ("pypi" + r"\.org", "files" + r"\.pythonhosted", "registry" + r"\.npmjs", "deb" + r"\.debian")
    hosts = re.compile("|".join(names))
    tracked = [ROOT / name for name in listed if (ROOT / name).is_file()]
    assert [path for path in tracked if hosts.search(path.read_text("utf-8", "ignore"))] == []
