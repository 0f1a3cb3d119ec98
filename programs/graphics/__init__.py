"""Programs that draw into images."""
