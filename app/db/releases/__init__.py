"""Sealed releases in PostgreSQL: what students give to one, the releases there are, their cells, and answers from them."""

from app.db.releases import answers, cells, contributions, ledger

__all__ = ["answers", "cells", "contributions", "ledger"]
