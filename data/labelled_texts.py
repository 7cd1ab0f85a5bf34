"""Files of texts whose sentiment somebody has labelled: read to judge the models, never kept."""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import polars as pl

from regulars.expectations.errors import Failed

LABELLED = pl.Schema(
    {"group": pl.String(), "text": pl.String(), "is_positive": pl.Boolean()},
)
"""One row a labelled text; `group` is its product category or its file."""


def labelled_reviews(path: Path) -> pl.DataFrame:
    """LABELLED of a CSV with the columns cat, label (1 or 0) and review, zipped or not.

    Rows without a text stay, as an empty one, for others have counted them; those without a label
    do not.

    Raises:
        Failed: the file is not there, or has other columns.
    """
    content = _content(path)
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            content = b"".join(
                archive.read(name) for name in archive.namelist() if name.endswith(".csv")
            )
    try:
        rows = pl.read_csv(BytesIO(content), infer_schema=False)
        return _labelled(rows.select(group="cat", text="review", label="label"))
    except pl.exceptions.PolarsError as error:
        raise _not_so(path, "a CSV with the columns cat, label and review", error) from error


def labelled_sentences(path: Path) -> pl.DataFrame:
    """LABELLED of the files ``*.txt`` in a folder: a sentence, a tab and its label a line.

    Raises:
        Failed: the folder is not there, or a line has no label.
    """
    files = sorted(path.glob("*.txt"))
    if not files:
        raise _not_so(path, "a folder of files *.txt", None)
    read = [
        pl.DataFrame({"line": file.read_text(encoding="utf-8").split("\n")}).select(
            group=pl.lit(file.stem),
            text=pl.col("line").str.extract(r"^(.*)\t[01]\s*$"),
            label=pl.col("line").str.extract(r"\t([01])\s*$"),
        )
        for file in files
    ]
    return _labelled(pl.concat(read))


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, or of those of a folder's files ``*.txt`` by their names."""
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    return hashlib.sha256(b"".join(_content(file) for file in files)).hexdigest()


def _labelled(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("label").is_in(["0", "1"])).select(
        "group", pl.col("text").fill_null(""), is_positive=pl.col("label") == "1"
    )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _not_so(path, "a file that can be read", error) from error


def _not_so(path: Path, expected: str, error: Exception | None) -> Failed:
    return Failed(
        f"cannot read labelled texts from {path}",
        expected=expected,
        found=str(error) if error else "none",
        left="nothing was done",
        next_step="give the paths: make feedback-card CHINESE=… ENGLISH=…",
    )


def labelled_pieces(folder: Path) -> pl.DataFrame:
    """Pieces that several readers labelled: piece, language, text, and a column a reader.

    ``pieces.csv`` has the texts, each ``labels_NAME.csv`` the categories of one reader, joined by
    ``|``; they become ``reader_NAME``, List(String), empty where a piece has none.
    """
    pieces = pl.read_csv(folder / "pieces.csv")
    for path in sorted(folder.glob("labels_*.csv")):
        reader = path.stem.replace("labels_", "reader_")
        given = pl.read_csv(path, schema={"piece": pl.Int64, "categories": pl.String}).select(
            "piece",
            pl.col("categories")
            .fill_null("")
            .str.split("|")
            .list.eval(pl.element().filter(pl.element() != ""))
            .alias(reader),
        )
        pieces = pieces.join(given, on="piece", how="left", maintain_order="left")
    return pieces
