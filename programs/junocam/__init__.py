"""Programs for JunoCam, library `ours`."""
