"""What school systems export, read as items of the register: NDJSON, tables with a mapping, OneRoster."""
