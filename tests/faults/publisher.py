"""Publishes the runs of a workspace in turn, so many times."""

from __future__ import annotations

import sys
import time
from itertools import cycle, islice
from pathlib import Path

from regulars.data import shelf
from regulars.data.workspace import Workspace

BETWEEN_PUBLICATIONS_S = 0.05


def main() -> None:
    workspace, publications_n = Workspace(Path(sys.argv[1])), int(sys.argv[2])
    runs = sorted(path.name for path in workspace.runs.iterdir())
    for run_id in islice(cycle(runs), publications_n):
        shelf.publish(workspace, run_id)
        time.sleep(BETWEEN_PUBLICATIONS_S)


if __name__ == "__main__":
    main()
