"""The shape of the code, held by reading its imports."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "expectations": {"expectations"},
    "data": {"data", "expectations"},
    "transforms": {"transforms", "expectations"},
    "models": {"models", "expectations"},
    "reports": {"reports", "expectations"},
    "flows": {"flows", "data", "transforms", "models", "reports", "expectations"},
}
SLOW_TO_IMPORT = {"great_expectations", "sklearn", "scipy", "prefect"}
READS_THE_ENVIRONMENT = {Path("flows/settings.py")}
MODULES = sorted(
    path.relative_to(ROOT) for folder in MAY_IMPORT for path in ROOT.glob(f"{folder}/*.py")
)


def imports(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are by full name"
            found.append(node.module or "")
    return found


def parsed(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_point_down_only(module: Path) -> None:
    folder = module.parts[0]
    own = [name.split(".")[1] for name in imports(parsed(module)) if name.startswith("regulars.")]
    assert set(own) <= MAY_IMPORT[folder]


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_packages_that_take_seconds_are_not_imported_at_the_top(module: Path) -> None:
    if module == Path("flows/publish_segments.py"):  # it is the Prefect flow
        return
    at_top = [node for node in parsed(module).body if isinstance(node, ast.Import | ast.ImportFrom)]
    roots = {name.split(".")[0] for node in at_top for name in imports(node)}
    assert not roots & SLOW_TO_IMPORT


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_only_settings_read_the_environment(module: Path) -> None:
    names = {node.attr for node in ast.walk(parsed(module)) if isinstance(node, ast.Attribute)}
    assert module in READS_THE_ENVIRONMENT or not names & {"environ", "getenv"}


@pytest.mark.parametrize("folder", ["transforms", "models", "reports"])
def test_what_computes_opens_no_file_and_reads_no_clock(folder: str) -> None:
    banned = {
        "today",
        "now",
        "utcnow",
        "read_parquet",
        "write_parquet",
        "write_text",
        "write_bytes",
    }
    for path in ROOT.glob(f"{folder}/*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        calls = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not attributes & banned, path
        assert "open" not in calls, path


def test_folders_are_flat() -> None:
    nested = [path for folder in MAY_IMPORT for path in ROOT.glob(f"{folder}/*/*.py")]
    assert nested == []
