"""Sealed releases in PostgreSQL: what students give to one, the releases there are, and their cells."""

from app.db.releases import cells, contributions, ledger

__all__ = ["cells", "contributions", "ledger"]
