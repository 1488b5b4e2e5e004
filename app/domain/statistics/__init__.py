"""Statistics: what is counted, how it may be grouped, and what was asked."""
