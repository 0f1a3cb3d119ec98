"""Looking at images: PNG pictures, half-block pictures for a terminal, labels for people. See ``vicar-view --help``."""
