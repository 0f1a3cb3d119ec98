"""Benchmarks that are kept: ``python -m testscripts.bench [NAME...] [--json] [--repeat N] [--check]``.

Every row is measured beside a reference in the same run, turn by turn, and reported as time and as ratio: a ratio means
the same on a slow and on a fast machine. A row may have a limit (``--check`` fails when one is exceeded).
"""
