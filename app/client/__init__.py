"""The client of the register of students at risk: batches in, changes out. Installed by itself it is `risk_register_client`."""

from .changes import Change, Close, Delete, LoadBegins, LoadEnds, Merge, Page, Scope, Upsert
from .clients import AsyncRegisterClient, RegisterClient
from .credentials import ClientKey, ClientSecret, Credentials, FixedToken
from .errors import (
    BadJournal,
    CursorExpired,
    ManyRemovals,
    NotBelieved,
    Problem,
    RegisterClientError,
    Unreachable,
)
from .memory_store import MemoryStore
from .pushing import Atomic, Mode
from .replica import Store
from .reports import Counts, Progress, RejectedItem, Rejection, Report, Schema, TypeSchema, Violation
from .retries import Retries
from .sqlite_store import SqliteStore

__all__ = [
    "AsyncRegisterClient",
    "Atomic",
    "BadJournal",
    "Change",
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
    "Mode",
    "NotBelieved",
    "Page",
    "Problem",
    "Progress",
    "RegisterClient",
    "RegisterClientError",
    "RejectedItem",
    "Rejection",
    "Report",
    "Retries",
    "Schema",
    "Scope",
    "SqliteStore",
    "Store",
    "TypeSchema",
    "Unreachable",
    "Upsert",
    "Violation",
]
