"""One procedure over thousands of frames: `vicar-batch`.

``frames`` reads the list and makes the command of each frame, ``journal`` remembers what is done, ``worker`` runs one frame in
a session of its own, ``runner`` spreads frames over processes (``cluster``: over a dask cluster), ``cli`` is the command.
"""
