"""Logs as JSON, one object a line, with the correlation id of the request they belong to."""

import logging
import sys
from datetime import UTC, datetime

import orjson

from app.api.correlation import correlation_id


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "correlation_id": correlation_id(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = record.exc_info[0].__name__
            entry["at_line"] = _where(record)
        return orjson.dumps(entry).decode()


def _where(record: logging.LogRecord) -> list[str]:
    """Files and lines of the traceback. Its messages stay out: a database's error text repeats the values of a row."""
    lines = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return lines[-12:]


def configure(level: str = "INFO") -> None:
    """Send every logger's lines to standard error as JSON. Nothing is looked up for them that they do not tell."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
    logging.getLogger("uvicorn.access").disabled = True
