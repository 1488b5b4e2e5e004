"""Sealed releases: what leaves the register for everybody outside, and what that tells of one student at most."""
