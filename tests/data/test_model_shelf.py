"""Models on the shelf: what is used again, what is refused and why, what stays after a kill."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.cluster import KMeans
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from regulars.data import model_shelf, shelf
from regulars.data.model_digest import digest_of
from regulars.data.model_shelf import KEPT_N, Origin, Refusal, keep, kept, refusals
from regulars.data.workspace import Workspace, prepared
from regulars.expectations.errors import Failed

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ORIGIN = Origin(date(2024, 6, 3), {"transactions": "10 1 2"}, {"horizon_days": 28}, "fingerprint")
PLAIN: dict[str, Any] = {
    "format": 1,
    "name": "toy",
    "share": 0.1 + 0.2,
    "reason": None,
    "is_scaled": True,
    "features": ["recency_days", "件数"],
    "edges": {"recency_days": [1.0, 2.5]},
    "centres": np.linspace(0, 1, 6).reshape(2, 3),
    "empty": np.empty((0, 3)),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "连锁 [1]")
    prepared(made)
    return made


@pytest.fixture
def file(workspace: Workspace) -> Path:
    """The file of a model that is kept."""
    keep(workspace, "toy", ORIGIN, PLAIN, key=KEY)
    (path,) = workspace.models.glob("*.skops")
    return path


@pytest.fixture(scope="module")
def fitted() -> dict[str, Any]:
    dice = np.random.default_rng(0)
    features = dice.normal(size=(500, 4))
    features[::7, 1] = np.nan
    known = np.nan_to_num(features)
    labels = (features[:, 0] + dice.normal(size=500) > 0).astype(int)
    return {
        "boosting": HistGradientBoostingClassifier(
            max_iter=10, max_features=0.5, monotonic_cst=[1, 0, 0, -1], random_state=0
        ).fit(features, labels),
        "logistic": make_pipeline(StandardScaler(), LogisticRegression()).fit(known, labels),
        "isotonic": IsotonicRegression(out_of_bounds="clip").fit(known[:, 0], labels),
        "means": KMeans(3, random_state=0, n_init=1).fit(known),
    }


def changed(path: Path, change: Callable[[dict[str, Any]], None], key: bytes = KEY) -> None:
    """A manifest written anew by somebody who has a key."""
    facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    facts.pop("seal")
    change(facts)
    own_key = hmac.digest(key, b"regulars models", "sha256")
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    facts["seal"] = hmac.digest(own_key, text.encode(), "sha256").hex()
    path.with_suffix(".json").write_text(json.dumps(facts), encoding="utf-8")


def replaced(path: Path, content: bytes) -> None:
    """Another file in the place of a kept one, with a manifest that is right about it."""
    path.write_bytes(content)
    changed(path, lambda facts: facts.update(sha256=hashlib.sha256(content).hexdigest()))


def refused(workspace: Workspace, key: bytes = KEY) -> str:
    """The code by which the model of ORIGIN is refused."""
    told = kept(workspace, "toy", ORIGIN, key=key)
    assert isinstance(told, Refusal), told
    return told.code


def test_what_is_kept_comes_back_to_the_last_bit(workspace: Workspace, file: Path) -> None:
    parts = kept(workspace, "toy", ORIGIN, key=KEY)
    assert isinstance(parts, dict)
    assert digest_of(parts) == digest_of(PLAIN)
    assert (parts["share"], parts["features"]) == (0.1 + 0.2, ["recency_days", "件数"])
    assert json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))["digest"] == digest_of(
        PLAIN
    )


@pytest.mark.parametrize("name", ["boosting", "logistic", "isotonic", "means"])
def test_an_estimator_that_was_kept_predicts_the_same(
    workspace: Workspace, fitted: dict[str, Any], name: str
) -> None:
    model = fitted[name]
    keep(workspace, name, ORIGIN, {"model": model}, key=KEY)
    parts = kept(workspace, name, ORIGIN, key=KEY)
    assert isinstance(parts, dict)
    again = parts["model"]
    rows = np.random.default_rng(1).normal(size=(200, 1 if name == "isotonic" else 4))
    method = "predict_proba" if hasattr(model, "predict_proba") else "predict"
    assert np.array_equal(getattr(again, method)(rows), getattr(model, method)(rows))
    assert digest_of(again) == digest_of(model)


def test_files_and_folder_are_their_owners_alone(workspace: Workspace, file: Path) -> None:
    modes = [
        stat.S_IMODE(path.stat().st_mode)
        for path in (workspace.models, file, file.with_suffix(".json"))
    ]
    assert modes == [0o700, 0o600, 0o600]


@pytest.mark.parametrize(
    "other",
    [
        replace(ORIGIN, rows={"transactions": "11 1 2"}),
        replace(ORIGIN, rows={**ORIGIN.rows, "products": "1 1 1"}),
        replace(ORIGIN, settings={"horizon_days": 56}),
        replace(ORIGIN, key="another"),
        replace(ORIGIN, fitted_on=date(2024, 6, 10)),
    ],
    ids=["rows", "an export more", "settings", "key", "day"],
)
def test_a_model_of_another_origin_is_not_there(
    workspace: Workspace, file: Path, other: Origin
) -> None:
    assert file.exists()
    assert kept(workspace, "toy", other, key=KEY) is None
    assert kept(workspace, "another", ORIGIN, key=KEY) is None


def test_an_altered_byte_is_refused_wherever_it_is(workspace: Workspace, file: Path) -> None:
    content = file.read_bytes()
    for place in range(0, len(content), 997):
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert refused(workspace) == "altered"
    file.write_bytes(content[:-1])
    assert refused(workspace) == "altered"
    file.write_bytes(content)
    assert isinstance(kept(workspace, "toy", ORIGIN, key=KEY), dict)


def test_an_altered_manifest_is_refused_whatever_was_altered(
    workspace: Workspace, file: Path
) -> None:
    manifest = file.with_suffix(".json")
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    for name in facts:
        manifest.write_text(json.dumps({**facts, name: "x"}), encoding="utf-8")
        assert refused(workspace) == "foreign_seal"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"seal": 1}', "\0"])
def test_a_manifest_that_is_none_is_refused(workspace: Workspace, file: Path, text: str) -> None:
    file.with_suffix(".json").write_text(text, encoding="utf-8")
    assert refused(workspace) in ("unreadable", "foreign_seal")


def test_a_manifest_without_its_file_is_refused(workspace: Workspace, file: Path) -> None:
    file.unlink()
    assert refused(workspace) == "unreadable"


def test_a_model_of_another_workspace_is_refused(workspace: Workspace, file: Path) -> None:
    assert file.exists()
    assert refused(workspace, OTHER_KEY) == "foreign_seal"
    changed(file, lambda _: None, key=OTHER_KEY)
    assert refused(workspace) == "foreign_seal"


def test_a_model_in_the_place_of_another_is_refused(workspace: Workspace, file: Path) -> None:
    changed(file, lambda facts: facts.update(name="other"))
    assert refused(workspace) == "foreign_seal"


@pytest.mark.parametrize("library", ["numpy", "regulars", "scikit-learn", "scipy", "skops"])
def test_a_model_of_another_version_of_a_library_is_refused(
    workspace: Workspace, file: Path, library: str
) -> None:
    changed(file, lambda facts: facts["versions"].update({library: "0.0.1"}))
    told = kept(workspace, "toy", ORIGIN, key=KEY)
    assert isinstance(told, Refusal)
    assert told.code == "other_versions"
    assert told.found.startswith(f"{library} 0.0.1 (now ")


class Planted:
    """What runs code when it is unpickled, or made by skops from a type that is trusted."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __setstate__(self, state: dict[str, Any]) -> None:
        state["trace"].write_text("ran")

    def __reduce__(self) -> Any:
        return Path.write_text, (self.trace, "ran")


def schema_edited(content: bytes, edit: Callable[[str], str]) -> bytes:
    """A skops file whose description of objects is another one."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    before = members["schema.json"].decode()
    members["schema.json"] = edit(before).encode()
    assert members["schema.json"].decode() != before
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return buffer.getvalue()


def test_a_foreign_type_is_refused_and_nothing_of_it_runs(
    workspace: Workspace, file: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    replaced(file, skops.io.dumps({"model": Planted(trace)}))
    told = kept(workspace, "toy", ORIGIN, key=KEY)
    assert isinstance(told, Refusal)
    assert told.code == "foreign_types"
    assert "Planted" in told.found
    assert not trace.exists()


@pytest.mark.parametrize(
    ("module", "name", "loader"),
    [
        ("os", "system", "FunctionNode"),
        ("antigravity", "geohash", "TypeNode"),
        ("builtins", "eval", "TypeNode"),
        ("builtins", "dict", "MethodNode"),
        ("builtins", "dict", "OperatorFuncNode"),
        ("sklearn.cluster._kmeans", "KMeans", "ReduceNode"),
    ],
)
def test_what_calls_is_refused_before_its_module_is_imported(
    workspace: Workspace, file: Path, module: str, name: str, loader: str
) -> None:
    node = {"__class__": name, "__module__": module, "__loader__": loader, "__id__": 1}
    content = schema_edited(
        skops.io.dumps({"model": 1}),
        lambda text: json.dumps(
            {**json.loads(text), "content": {"model": {**node, "content": {}, "__reduce__": {}}}}
        ),
    )
    replaced(file, content)
    assert refused(workspace) == "foreign_types"
    assert "antigravity" not in sys.modules


@pytest.mark.parametrize(
    "edit",
    [
        lambda _: "{",
        lambda _: '{"__class__": "dict"}',
        lambda _: "[" * 100_000 + "]" * 100_000,
        lambda text: text.replace('"type": "numpy"', '"type": "torch"'),
        lambda text: text.replace(".npy", ".npz"),
        lambda text: text.replace("0.30000", "0.40000"),
    ],
    ids=["no json", "half a node", "deep", "a kind of array", "an array gone", "a number"],
)
def test_a_foreign_file_with_a_manifest_of_ours_is_refused_and_is_no_crash(
    workspace: Workspace, file: Path, edit: Callable[[str], str]
) -> None:
    replaced(file, schema_edited(file.read_bytes(), edit))
    assert refused(workspace) in ("unreadable", "not_as_kept")


@pytest.mark.parametrize("content", [b"", b"\x80\x04\x95\x0b", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_skops_file_is_refused(workspace: Workspace, file: Path, content: bytes) -> None:
    replaced(file, content)
    assert refused(workspace) == "unreadable"


def test_what_was_refused_is_kept_anew_in_its_place(workspace: Workspace, file: Path) -> None:
    file.write_bytes(b"")
    assert [one.code for one in refusals(workspace, key=KEY)] == ["altered"]
    keep(workspace, "toy", ORIGIN, PLAIN, key=KEY)
    assert refusals(workspace, key=KEY) == []
    assert isinstance(kept(workspace, "toy", ORIGIN, key=KEY), dict)


@pytest.mark.parametrize(
    ("part", "named"),
    [(Path("x"), "pathlib"), (FunctionTransformer(np.log), "numpy.log by FunctionNode")],
    ids=["a path", "a function"],
)
def test_what_could_not_be_read_back_is_a_fault_of_the_fit(
    workspace: Workspace, part: object, named: str
) -> None:
    with pytest.raises(TypeError, match=named):
        keep(workspace, "toy", ORIGIN, {"part": part}, key=KEY)
    assert list(workspace.models.iterdir()) == []


def test_an_array_of_pseudonyms_is_a_fault_of_the_fit(workspace: Workspace) -> None:
    customers = np.array([1, 2], dtype=np.uint64)
    with pytest.raises(ValueError, match=r"model toy/'sample': .* could be pseudonyms"):
        keep(workspace, "toy", ORIGIN, {"sample": customers}, key=KEY)
    with pytest.raises(ValueError, match="no name of a model"):
        keep(workspace, "../toy", ORIGIN, PLAIN, key=KEY)
    assert list(workspace.models.iterdir()) == []


def test_of_each_name_the_models_used_last_are_kept(workspace: Workspace) -> None:
    origins = [
        replace(ORIGIN, fitted_on=ORIGIN.fitted_on + timedelta(days=n)) for n in range(KEPT_N)
    ]
    for moment, origin in enumerate(origins):
        keep(workspace, "toy", origin, {"day": moment}, key=KEY)
        (manifest,) = workspace.models.glob(f"toy-{origin.fitted_on:%Y%m%d}-*.json")
        os.utime(manifest, (moment, moment))
    keep(workspace, "other", ORIGIN, PLAIN, key=KEY)
    assert kept(workspace, "toy", origins[0], key=KEY) == {"day": 0}
    keep(workspace, "toy", replace(ORIGIN, key="new"), PLAIN, key=KEY)
    there = [isinstance(kept(workspace, "toy", origin, key=KEY), dict) for origin in origins]
    assert there == [True, False] + [True] * (KEPT_N - 2)
    assert isinstance(kept(workspace, "other", ORIGIN, key=KEY), dict)
    manifests_n = len(list(workspace.models.glob("*.json")))
    assert model_shelf.kept_n(workspace) == manifests_n == KEPT_N + 1


def test_all_can_be_dropped_and_none_is_missed(workspace: Workspace, file: Path) -> None:
    model_shelf.drop_all(workspace)
    assert kept(workspace, "toy", ORIGIN, key=KEY) is None
    assert list(workspace.models.iterdir()) == []
    workspace.models.rmdir()
    model_shelf.drop_all(workspace)
    assert (model_shelf.kept_n(workspace), refusals(workspace, key=KEY)) == (0, [])
    keep(workspace, "toy", ORIGIN, PLAIN, key=KEY)
    assert file.exists()


KILLED = """
import sys
from datetime import date
from pathlib import Path
from regulars.data.model_shelf import Origin, keep
from regulars.data.points import arm
from regulars.data.workspace import Workspace
arm("half_kept")
origin = Origin(date(2024, 6, 3), {}, {}, "")
keep(Workspace(Path(sys.argv[1])), "toy", origin, {"a": 1}, key=b"k" * 32)
"""


@pytest.mark.fault("F01")
def test_a_killed_write_leaves_no_model_and_the_next_one_is_whole(workspace: Workspace) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, workspace.root], check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = workspace.models.iterdir()
    origin = replace(ORIGIN, rows={}, settings={}, key="")
    assert kept(workspace, "toy", origin, key=KEY) is None
    keep(workspace, "other", ORIGIN, PLAIN, key=KEY)
    assert not left.exists()
    keep(workspace, "toy", origin, {"a": 1}, key=KEY)
    assert kept(workspace, "toy", origin, key=KEY) == {"a": 1}


def test_what_a_killed_write_left_hidden_is_removed_with_the_rest(
    workspace: Workspace, file: Path
) -> None:
    (workspace.models / ".toy.skops-x").write_bytes(b"half")
    shelf.tidied(workspace)
    assert sorted(workspace.models.iterdir()) == [file.with_suffix(".json"), file]


def test_a_folder_that_cannot_be_written_to_is_told(workspace: Workspace) -> None:
    workspace.models.rmdir()
    workspace.models.write_text("in the way")
    with pytest.raises(Failed, match="cannot write to"):
        keep(workspace, "toy", ORIGIN, PLAIN, key=KEY)
