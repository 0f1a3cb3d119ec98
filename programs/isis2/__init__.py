"""ISIS 2 programs: a library of their own, in TAE's clothes but with ISIS's conventions."""
