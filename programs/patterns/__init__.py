"""Programs that make test images and patterns."""
