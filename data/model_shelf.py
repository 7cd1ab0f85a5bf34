"""The shelf of models: what a run fitted, kept for the runs after it.

A kept model is used where its origin is: the rows it was fitted on, the settings that affect it,
the key. Nothing else depends on the shelf: a model that is not there, or is refused, is fitted
again from the same rows and is the same. So no result tells whether one was used.

    keep(workspace, "churn", origin, model.parts(), key=key)
    kept(workspace, "churn", origin, key=key)      # the parts, a Refusal, or None

Parts are a mapping of names to what ``model_types.TRUSTED`` lists: numbers, texts, lists, numpy
arrays, fitted estimators of scikit-learn. They are written with skops; beside the file stands a
manifest with its SHA-256, the digest of parameters and arrays, the versions it was written under,
and a seal that takes the workspace's key. What does not agree is refused by name and never made
into an object: ``unreadable``, ``foreign_seal``, ``other_versions``, ``altered``,
``foreign_types``, ``not_as_kept``.

Of each name the ``KEPT_N`` models that were used last are kept. They hold no ids and no
pseudonyms; what they hold was learned from everybody, so ``forget`` removes all of them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from regulars.data.model_digest import digest_of, leaves
from regulars.data.model_types import TRUSTED, UNREADABLE, foreign_types
from regulars.data.points import reached
from regulars.data.workspace import PRIVATE_FOLDER, Workspace, made, no_room, synced, written

Parts = dict[str, Any]

KEPT_N = 64
"""Of one name: every run looks up a picture for each quarter of the data, sixteen years of them."""
_LIBRARIES = ("numpy", "regulars", "scikit-learn", "scipy", "skops")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# A pseudonym is an unsigned number of 64 bits; nothing that a model learns is.
_PSEUDONYMS = re.compile(r"array [<>]u8 \([0-9]")


@dataclass(frozen=True)
class Origin:
    """What a fit follows from: all that is in here, and nothing that is not.

    ``rows`` are the digests, by export, of the rows of business days up to ``fitted_on`` that the
    model was fitted on (``extracts.digests``); ``key`` is the fingerprint of the workspace's key.
    """

    fitted_on: date
    rows: Mapping[str, str]
    settings: Mapping[str, Any]
    key: str

    @property
    def digest(self) -> str:
        return _sha256(asdict(self))


@dataclass(frozen=True)
class Refusal:
    """A kept model that is not used: its file, the code of the reason, and what was found."""

    file: str
    code: str
    found: str


def kept(workspace: Workspace, name: str, origin: Origin, *, key: bytes) -> Parts | Refusal | None:
    """The parts of the model of this name and origin, why they are refused, or null: none is kept.

    Nothing of a refused file is ever made into an object.
    """
    manifest = _manifest_path(workspace, name, origin)
    if not manifest.exists():
        return None
    examined = _examined(manifest, key)
    if isinstance(examined, Refusal):
        return examined
    facts, content = examined
    if (facts["name"], facts["origin"]) != (name, origin.digest):
        return Refusal(manifest.name, "foreign_seal", "the manifest of another model")
    parts = _loaded(content, facts["digest"])
    if parts is None:
        found = "other parameters than those that were kept"
        return Refusal(manifest.with_suffix(".skops").name, "not_as_kept", found)
    manifest.touch()
    return parts


def keep(workspace: Workspace, name: str, origin: Origin, parts: Parts, *, key: bytes) -> str:
    """Keep a model whole or not at all, in the place of one of the same name and origin.

    Gives the digest of its parameters and arrays.

    Raises:
        ValueError: the name is no word, or an array could be one of pseudonyms.
        TypeError: there is a type in it that ``model_types.TRUSTED`` does not list.
        Failed: the disk is full; nothing of it stays.
    """
    import skops.io

    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a model")
    _refuse_pseudonyms(name, parts)
    content = skops.io.dumps(parts)
    if foreign := foreign_types(content):
        raise TypeError(f"model {name}: {', '.join(foreign)} is not in model_types.TRUSTED")
    manifest = _manifest_path(workspace, name, origin)
    facts = {
        "name": name,
        "fitted_on": origin.fitted_on.isoformat(),
        "origin": origin.digest,
        "sha256": hashlib.sha256(content).hexdigest(),
        "digest": digest_of(parts),
        "versions": _versions(),
    }
    sealed = json.dumps({**facts, "seal": _seal(facts, key)}, indent=1, sort_keys=True)
    try:
        made(workspace.models, PRIVATE_FOLDER)
        written(manifest.with_suffix(".skops"), content)
        reached("half_kept")
        written(manifest, sealed.encode())
        _drop_unused(workspace, name)
    except OSError as error:
        what, left = f"cannot keep model {name} in {workspace.models}", "no part of it"
        raise no_room(workspace.root, what, len(content), left, error) from error
    return str(facts["digest"])


def refusals(workspace: Workspace, *, key: bytes) -> list[Refusal]:
    """Every kept model that would be refused, and why; nothing is changed."""
    examined = (_examined(path, key) for path in sorted(workspace.models.glob("*.json")))
    return [told for told in examined if isinstance(told, Refusal)]


def kept_n(workspace: Workspace) -> int:
    """How many models are kept."""
    return sum(1 for _ in workspace.models.glob("*.skops"))


def drop_all(workspace: Workspace) -> None:
    """Remove every model: those fitted on a person's rows cannot be told from the others."""
    if workspace.models.is_dir():
        for path in workspace.models.iterdir():
            path.unlink()
        synced(workspace.models)


def _manifest_path(workspace: Workspace, name: str, origin: Origin) -> Path:
    return workspace.models / f"{name}-{origin.fitted_on:%Y%m%d}-{origin.digest[:16]}.json"


def _examined(manifest: Path, key: bytes) -> tuple[dict[str, Any], bytes] | Refusal:
    """What a manifest says, and the file, where both are as this program wrote them."""
    file = manifest.with_suffix(".skops")
    try:
        facts = json.loads(manifest.read_text(encoding="utf-8"))
        seal = str(facts.pop("seal"))
        if not hmac.compare_digest(seal, _seal(facts, key)):
            found = "a manifest that was not written with this workspace's key"
            return Refusal(manifest.name, "foreign_seal", found)
        if facts["versions"] != _versions():
            found = ", ".join(_differing(facts["versions"]))
            return Refusal(file.name, "other_versions", found)
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() != facts["sha256"]:
            return Refusal(file.name, "altered", "bytes that are not those that were kept")
        if foreign := foreign_types(content):
            return Refusal(file.name, "foreign_types", ", ".join(foreign))
    except UNREADABLE as error:
        return Refusal(file.name, "unreadable", type(error).__name__)
    return facts, content


def _loaded(content: bytes, digest: str) -> Parts | None:
    """The objects of an examined file; null where they are not what was kept."""
    import skops.io

    try:
        parts: Parts = skops.io.loads(content, trusted=sorted(TRUSTED))
        return parts if digest_of(parts) == digest else None
    except UNREADABLE:
        return None


def _refuse_pseudonyms(name: str, parts: Parts) -> None:
    for place, kind, _ in leaves(parts):
        if _PSEUDONYMS.match(kind):
            raise ValueError(
                f"model {name}{place}: an array of UInt64 could be pseudonyms, which no model "
                "may hold; keep what was learned, and no customer_id"
            )


def _drop_unused(workspace: Workspace, name: str) -> None:
    """Remove what is not among the last used of a name, and files without a manifest."""
    manifests = sorted(
        (path for path in workspace.models.glob(f"{name}-*.json")),
        key=lambda path: (path.stat().st_mtime_ns, path.name),
    )
    for manifest in manifests[:-KEPT_N]:
        manifest.unlink()
    for file in workspace.models.glob("*.skops"):
        if not file.with_suffix(".json").exists():
            file.unlink()


def _differing(versions: Mapping[str, str]) -> Iterator[str]:
    for library, now in _versions().items():
        if (then := versions.get(library)) != now:
            yield f"{library} {then} (now {now})"


@cache
def _versions() -> dict[str, str]:
    return {library: version(library) for library in _LIBRARIES}


def _seal(facts: Mapping[str, Any], key: bytes) -> str:
    """HMAC-SHA-256 under a key of its own, so that a seal says nothing of a pseudonym."""
    own_key = hmac.digest(key, b"regulars models", "sha256")
    return hmac.new(own_key, _canonical(facts), "sha256").hexdigest()


def _sha256(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(facts)).hexdigest()


def _canonical(facts: Mapping[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, default=_iso).encode()


def _iso(day: date) -> str:
    return day.isoformat()
