"""Proof of faithfulness: runs procedures, compares their session logs and images with what the original wrote.

``masks`` says what may differ, ``compare`` finds the first divergence, ``worker``/``pool`` run procedures in scratch
folders, ``suites`` knows the reference data, ``score`` keeps what was once reproduced, ``cli`` and ``diff_cli`` are the
commands ``vicar-verify`` and ``vicar-diff``.
"""
