"""The types of items, each with what it says and how it is recorded."""
