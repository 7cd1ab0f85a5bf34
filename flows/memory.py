"""How much memory this process may use, as the system tells it, and what a run takes of it."""

from __future__ import annotations

import os
from pathlib import Path

from regulars.expectations.errors import Failed
from regulars.flows.counts import sized

# The other half is for what polars computes and for the files that the system keeps at hand.
_SHARE = 2
# Twenty million lines load within it, and no sooner with more; a larger chain can be given more.
_DEFAULT_MAX_BYTES = 3_000_000_000


def default_memory() -> str:
    """``[resources] memory`` where settings do not say: half of what there is, 3 GB at most.

    It is written as the setting is: ``3GB``, or ``1100MB``.
    """
    return memory_share(machine_bytes())


def memory_share(usable: int) -> str:
    """The default of a process that may use so many bytes.

    >>> memory_share(16 << 30), memory_share(2_200_000_000)
    ('3GB', '1100MB')
    """
    megabytes = min(usable // _SHARE, _DEFAULT_MAX_BYTES) // 1_000_000
    return f"{megabytes}MB" if megabytes % 1000 else f"{megabytes // 1000}GB"


def machine_bytes() -> int:
    """What this process may use of this machine."""
    ram_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return usable_bytes(Path("/"), ram_bytes=ram_bytes)


def usable_bytes(root: Path, *, ram_bytes: int) -> int:
    """The least of the machine's memory and the limits of this process's control groups.

    A limit of a group holds for those within it, so all groups from this one up to the topmost
    are asked: version 2 (``memory.max``) and version 1 (``memory.limit_in_bytes``), which writes
    no limit as a number beyond any machine. Within a container the own group's path may be that
    of the host, and not be there: the topmost is then the container's own.
    """
    try:
        groups = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:  # no Linux
        groups = []
    limits = [ram_bytes]
    for line in groups:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            limits += _limits(root / "sys/fs/cgroup", path, "memory.max")
        elif "memory" in controllers.split(","):
            limits += _limits(root / "sys/fs/cgroup/memory", path, "memory.limit_in_bytes")
    return min(limits)


def bytes_of(memory: str) -> int:
    """What a setting such as ``500MB`` is in bytes.

    >>> bytes_of("1.5GB")
    1500000000
    """
    return int(float(memory[:-2]) * (1_000_000_000 if memory.endswith("GB") else 1_000_000))


def _limits(mount: Path, path: str, name: str) -> list[int]:
    group = mount / path.lstrip("/")
    found = []
    for folder in (group, *group.parents):
        if folder == mount.parent:
            break
        try:
            text = (folder / name).read_text(encoding="utf-8").strip()
        except OSError:
            continue
        if text.isdigit():  # "max" says that there is none
            found.append(int(text))
    return found


def out_of_memory(error: BaseException) -> Failed | None:
    """What to tell of an error, where it or what it came from is a lack of memory; else null.

    It is DuckDB's own limit, or the system has no more. What fails while a transaction is rolled
    back hides the reason, so what each error came from is asked too.
    """
    while True:
        # By name: to import DuckDB for a comparison would cost the commands that do not use it.
        if {kind.__name__ for kind in type(error).__mro__} & _KINDS:
            return _told(error)
        if (origin := error.__cause__ or error.__context__) is None:
            return None
        error = origin


_KINDS = {"OutOfMemoryException", "MemoryError"}


def _told(error: BaseException) -> Failed:
    return Failed(
        "there was not enough memory",
        expected="[resources] memory in regulars.toml such that the largest step fits, and room "
        "in the workspace's folder .work for what does not",
        found=str(error).splitlines()[0] if str(error) else "no more memory from the system",
        left="the step that was under way was rolled back; the last publication is untouched",
        next_step="raise memory under [resources] in regulars.toml (this process may use "
        f"{sized(machine_bytes())} in all), or lower threads there, each of which takes some; "
        "then run again",
    )
