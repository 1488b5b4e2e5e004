"""The client of the register of students at risk: batches in, changes and figures out. Installed by itself it is `risk_register_client`."""

from .changes import Change, Close, Delete, LoadBegins, LoadEnds, Merge, Page, Scope, Upsert
from .clients import AsyncRegisterClient, RegisterClient
from .credentials import ClientKey, ClientSecret, Credentials, FixedToken
from .errors import (
    BadJournal,
    CursorExpired,
    ManyRemovals,
    Misdirected,
    MissingLibrary,
    NotBelieved,
    Problem,
    RegisterClientError,
    Unreachable,
)
from .following import ChangesOptions
from .memory_store import MemoryStore
from .pushing import Atomic, Mode, PushOptions, SnapshotOptions
from .replica import Store
from .reports import Counts, Progress, RejectedItem, Rejection, Report, Schema, TypeSchema, Violation
from .retries import Retries
from .sqlite_store import SqliteStore
from .statistics import Question, Statistics, Subtotals

__all__ = [
    "AsyncRegisterClient",
    "Atomic",
    "BadJournal",
    "Change",
    "ChangesOptions",
    "ClientKey",
    "ClientSecret",
    "Close",
    "Counts",
    "Credentials",
    "CursorExpired",
    "Delete",
    "FixedToken",
    "LoadBegins",
    "LoadEnds",
    "ManyRemovals",
    "MemoryStore",
    "Merge",
    "Misdirected",
    "MissingLibrary",
    "Mode",
    "NotBelieved",
    "Page",
    "Problem",
    "Progress",
    "PushOptions",
    "Question",
    "RegisterClient",
    "RegisterClientError",
    "RejectedItem",
    "Rejection",
    "Report",
    "Retries",
    "Schema",
    "Scope",
    "SnapshotOptions",
    "SqliteStore",
    "Statistics",
    "Store",
    "Subtotals",
    "TypeSchema",
    "Unreachable",
    "Upsert",
    "Violation",
]
