"""What a BI tool does: reads what is published, over and over, until its input is closed.

Prints how often it read what, by way of reading, each error that it met, and how often a read
through the link had to be begun anew.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb

JOINED = (
    "SELECT count(*), sum(r.spend), sum(c.spend), any_value(s.n) FROM {rfm} AS r "
    "FULL JOIN {customers} AS c USING (customer_id), "
    "(SELECT sum(customers_n)::BIGINT AS n FROM {segments}) AS s"
)
BETWEEN_TABLES_S = 0.005
TRIES_N = 5


def scanned(folder: Path) -> str:
    """One file of a folder."""
    with duckdb.connect() as connection:
        return _text(
            connection,
            f"SELECT count(*), sum(spend), sum(recency_days) FROM '{folder}/rfm.parquet'",
        )


def resolved(published: Path) -> str:
    """One file of the folder that the link leads to."""
    return scanned(published.resolve())


BEGUN_ANEW: list[str] = []


def linked(published: Path) -> str:
    """One file, by the name of the link; begun anew when the link moved meanwhile.

    DuckDB opens a file several times for one statement, each time by its name.
    """
    for _ in range(TRIES_N - 1):
        try:
            return scanned(published)
        except duckdb.Error as error:
            BEGUN_ANEW.append(str(error))
    return scanned(published)


def joined(published: Path) -> str:
    """Several files of the folder that the link leads to, at once and one after the other."""
    folder = published.resolve()
    files = {name: f"'{folder}/{name}.parquet'" for name in ("rfm", "customers", "segments")}
    with duckdb.connect() as connection:
        at_once = _text(connection, JOINED.format(**files))
        one_by_one = []
        for file in files.values():
            runs = f"FROM parquet_kv_metadata({file}) WHERE decode(key) = 'regulars.run_id'"
            one_by_one.append(_text(connection, f"SELECT decode(value) {runs}"))
            time.sleep(BETWEEN_TABLES_S)
    return f"{at_once} of {' '.join(sorted(set(one_by_one)))}"


def viewed(published: Path) -> str:
    """The views of catalog.sql, made in the folder where it stands."""
    os.chdir(published)
    with duckdb.connect() as connection:
        connection.execute(Path("catalog.sql").read_text(encoding="utf-8"))
        time.sleep(BETWEEN_TABLES_S)
        views = {name: name for name in ("rfm", "customers", "segments")}
        return _text(connection, JOINED.format(**views))


WAYS = {"scan": resolved, "link": linked, "join": joined, "catalog": viewed}


def _text(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    return " ".join(str(value) for row in connection.execute(sql).fetchall() for value in row)


def main() -> None:
    published = Path(sys.argv[1])
    reads: dict[str, Counter[str]] = {way: Counter() for way in WAYS}
    errors: list[str] = []
    sys.stdout.write("reading\n")
    sys.stdout.flush()
    while not select.select([sys.stdin], [], [], 0)[0]:
        for way, read in WAYS.items():
            try:
                reads[way][read(published)] += 1
            except (OSError, duckdb.Error) as error:
                errors.append(f"{way}: {error}")
    sys.stdout.write(json.dumps({"reads": reads, "errors": errors, "anew_n": len(BEGUN_ANEW)}))


if __name__ == "__main__":
    main()
