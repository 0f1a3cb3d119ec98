"""Labels of Voyager and Galileo, whole ones and such with something missing."""

from flight_labels import make

make()
