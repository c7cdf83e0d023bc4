"""An answer as a file: CSV for a spreadsheet, Parquet for everything else."""

from __future__ import annotations

import io

import pandas as pd


def csv(answer: pd.DataFrame) -> bytes:
    """UTF-8 with a mark at its front, which Excel needs to read accents."""
    return b"\xef\xbb\xbf" + answer.to_csv(index=False, lineterminator="\r\n").encode()


def parquet(answer: pd.DataFrame) -> bytes:
    """One Parquet file, types as the query gave them."""
    file = io.BytesIO()
    answer.to_parquet(file, index=False)
    return file.getvalue()
