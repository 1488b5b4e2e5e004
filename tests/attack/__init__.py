"""The attacks that sealed releases are made to withstand, and that customary rules do not: `make attack`, in full.

The attacker knows every student but one, every rule and every deviation, and asks whether that one is in the register, or has a risk.
"""
