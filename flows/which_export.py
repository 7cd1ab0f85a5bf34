"""Which export a file is, by what its columns are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from regulars.data.columns_seen import SeenFile
from regulars.expectations.errors import DataRefused
from regulars.expectations.exports import EXPORTS
from regulars.expectations.synonyms import is_known, meaning
from regulars.flows.mapping import Match, Proposal, proposed

# Two kinds of export share names such as 城市: one more of them does not decide.
CLEAR_LEAD = 2
NAMES_SHOWN_MAX = 12


def best_proposal(
    seen: SeenFile,
    *,
    told: Mapping[str, str] = {},
    settled: Mapping[str, Mapping[str, str]] = {},
) -> tuple[Proposal, str]:
    """The proposal for the export that a file is most likely of, and why it is that one.

    Raises:
        DataRefused: the file's columns fit no export, or two of them about equally.
    """
    ranked = sorted(
        (
            proposed(seen, export, told=told, settled=settled.get(export.name, {}))
            for export in EXPORTS.values()
        ),
        key=lambda proposal: proposal.evidence,
        reverse=True,
    )
    best, second = ranked[:2]
    if best.evidence <= 0 or not any(is_named(match) for match in best.matches):
        raise none_fits(seen)
    if best.evidence - second.evidence < CLEAR_LEAD:
        raise _two_fit(seen, best, second)
    return best, f"{_share(best)}; next {second.export} with {_share(second)}"


def is_named(match: Match) -> bool:
    """Whether a match is by a name, of the file or of the user."""
    return match.how not in {"by its values", "near spelling"}


def _share(proposal: Proposal) -> str:
    required = EXPORTS[proposal.export].required
    found_n = len(required) - len(proposal.missing)
    others_n = len(proposal.matches) - found_n
    return f"{found_n} of {len(required)} required columns and {others_n} more"


def none_fits(seen: SeenFile) -> DataRefused:
    return DataRefused(
        f"{seen.path.name}: its columns are those of no export",
        expected="; ".join(
            f"{export.name}: {', '.join(export.required)}" for export in EXPORTS.values()
        ),
        found=names_shown(seen.names),
        left="nothing was changed",
        next_step="if the file has a header, name the export and each column: "
        "regulars map FILE --export transactions --column order_id=…",
    )


def _two_fit(seen: SeenFile, best: Proposal, second: Proposal) -> DataRefused:
    return DataRefused(
        f"{seen.path.name}: it may be {best.export} or {second.export}",
        expected="columns of one export more than of any other",
        found=f"{best.export}: {_share(best)}; {second.export}: {_share(second)}",
        left="nothing was changed",
        next_step=f"say which: regulars map FILE --export {best.export}",
    )


def has_header(seen: SeenFile) -> bool:
    """Whether the file's first cells are names for sure, and no row of data, which may name people.

    A value may be a name by chance, as ``store`` is; two of them, or one that says ``order_id``
    or the like, are not.
    """
    means = [found for e in EXPORTS for name in seen.names if (found := meaning(e, name))]
    required = {name for export in EXPORTS.values() for name in export.required}
    return sum(map(is_known, seen.names)) > 1 or any(
        found.column in required and found.doubt is None for found in means
    )


def names_shown(names: Sequence[str]) -> str:
    """A header for a message: what may be a row of data, and so name people, is only counted."""
    told = [name for name in names if is_known(name)]
    others_n = len(names) - len(told)
    shown = ", ".join(told[:NAMES_SHOWN_MAX])
    if not told:
        return f"{others_n} cells, none a known name: is the header line missing?"
    return shown + (f", and {others_n} of unknown names" if others_n else "")
