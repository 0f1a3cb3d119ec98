"""ISIS 2 qubes: labels, history, cores and suffixes, special pixels, and the radiometry of the vidicon cameras."""
