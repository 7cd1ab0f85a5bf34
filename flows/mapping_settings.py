"""A mapping written into a workspace's ``regulars.toml``."""

from __future__ import annotations

import tempfile
from codecs import BOM_UTF8
from pathlib import Path

from regulars.data.workspace import Workspace, opened, written
from regulars.expectations.errors import SettingsError
from regulars.flows.mapped_file import MappedFile
from regulars.flows.settings import settings_of
from regulars.flows.settings_text import with_mapping


def write(found: MappedFile, root: Path, *, replace: bool) -> Path:
    """Write the mapping into the workspace's ``regulars.toml``, whole or not at all.

    Raises:
        SettingsError: there is no workspace, the text would not be settings, or ``replace`` is
            not given and something would be lost that the file says.
    """
    workspace = opened(root)
    export = found.proposal.export
    if found.replaced and not replace:
        raise _says_otherwise(found)
    before = workspace.settings_file.read_bytes()
    text = before.decode("utf-8-sig")
    final = found.proposal.columns()
    new = with_mapping(
        text,
        export,
        columns=found.columns(),
        options=found.settings,
        without=[column for column in found.replaced if column not in final],
        source=found.source,
    )
    after = new.encode("utf-8-sig" if before.startswith(BOM_UTF8) else "utf-8")
    # Whatever the text has become, a settings file that cannot be read never gets into place.
    with tempfile.TemporaryDirectory(prefix="regulars-map-") as folder:
        trial = Workspace(Path(folder))
        trial.settings_file.write_bytes(after)
        settings_of(trial)
    mode = workspace.settings_file.stat().st_mode & 0o777
    return written(workspace.settings_file, after, mode)


def _says_otherwise(found: MappedFile) -> SettingsError:
    export = found.proposal.export
    proposal = found.proposal.columns()
    said = "; ".join(f'{column} = "{own}"' for column, own in found.replaced.items())
    instead = "; ".join(
        f'{column} = "{proposal[column]}"' if column in proposal else f"no {column}"
        for column in found.replaced
    )
    return SettingsError(
        f"regulars.toml says otherwise under [exports.{export}.columns]",
        expected=f"what the file has: {instead}",
        found=f"what the settings say: {said}",
        left="nothing was written",
        next_step=f"regulars map {found.seen.path} --export {export} --write --replace, if no file "
        "has the old names any more; if another system goes on writing them, give each system its "
        f"own files and columns under [[exports.{export}.sources]] (the README has an example)",
    )
