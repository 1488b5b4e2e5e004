"""Reference data as files, and the one value made of them. The files are the truth; the database copies them."""

from app.db.reference.packaged_data import packaged, reference_version

__all__ = ["packaged", "reference_version"]
