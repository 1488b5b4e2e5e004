"""Benchmarks: each measures its raw limit beside it, in the same run, and prints the ratio."""
