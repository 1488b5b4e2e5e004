"""Batches of source systems: taken in as they arrive, applied in one transaction, and answered with a report that stays."""
