"""Running the command line as a user does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def aim(*arguments: str, store: Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess:
    """Run the command line in a process of its own, as a user does."""
    return subprocess.run(
        [sys.executable, "-c", "from aimlib.cli import main; main()", *arguments],
        env={**os.environ, "AIM_STORE": str(store), **environment},
        cwd=cwd, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
