"""A built wheel carries everything and serves the same pages from anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

SCRIPT = """
import innovation, sys
from innovation.app import create_app
from innovation.kernel import migrate
assert "site" in innovation.__file__, innovation.__file__
app = create_app()
with app.app_context():
    migrate.upgrade()
client = app.test_client()
front = client.get("/", base_url="http://127.0.0.1:8000")
style = client.get(app.extensions["innovation.assets"].style_sheet_url, base_url="http://127.0.0.1:8000")
print(front.status_code, style.status_code, len(style.data) > 1000)
"""


def test_a_wheel_serves_from_anywhere(tmp_path: Path) -> None:
    wheels, site = tmp_path / "wheels", tmp_path / "site"
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    wheel = next(wheels.glob("*.whl"))
    # A wheel is an archive of the site folder: unpacking is installing, where nothing has to be compiled.
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(site)], check=True, capture_output=True)
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("INNOVATION_", "DATABASE_", "REDIS_"))}
    environ |= {"PYTHONPATH": str(site), "INNOVATION_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["200", "200", "True"], done.stderr
