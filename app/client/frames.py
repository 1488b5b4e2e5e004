"""Rows as a data frame. Neither library is needed for anything else, so each is looked for when it is asked for."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any, Final

from .errors import MissingLibrary

_DIGITS: Final = 38
"""Of a decimal column of polars: all that it has room for."""


def frame_of(rows: Sequence[Mapping[str, Any]], library: str) -> Any:  # noqa: ANN401 - of a library that may not be there
    """Columns have the types of their values, and decimals stay exact: in pandas as objects of Decimal, in polars as its decimals.

    Raises MissingLibrary, and ValueError for a library that is neither.
    """
    makers = {"pandas": _of_pandas, "polars": _of_polars}
    if library not in makers:
        raise ValueError(f"A data frame of {' or '.join(makers)}, not of {library}")
    try:
        found = import_module(library)
    except ImportError as error:
        raise MissingLibrary(library) from error
    return makers[library](found, _columns(rows))


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """All that any row has, in the order in which it first comes."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _of_pandas(pandas: Any, columns: Mapping[str, list[Any]]) -> Any:  # noqa: ANN401 - not typed here
    types = {bool: "boolean", int: "Int64", str: "string"}
    return pandas.DataFrame(
        {name: pandas.Series(values, dtype=types.get(_kind(values), "object")) for name, values in columns.items()}
    )


def _of_polars(polars: Any, columns: Mapping[str, list[Any]]) -> Any:  # noqa: ANN401 - not typed here
    types = {bool: polars.Boolean, int: polars.Int64, str: polars.String, type(None): polars.Null}
    schema = {
        name: polars.Decimal(_DIGITS, _places(values)) if _kind(values) is Decimal else types[_kind(values)]
        for name, values in columns.items()
    }
    return polars.DataFrame(dict(columns), schema=schema)


def _kind(values: Sequence[object]) -> type:
    return next((type(each) for each in values if each is not None), type(None))


def _places(values: Sequence[Any]) -> int:
    """Behind the point: as many as the value with most of them has."""
    return max(-int(each.as_tuple().exponent) for each in values if each is not None)
