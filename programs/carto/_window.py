"""SIZE, SL, SS, NL and NS as GTCOPY, GTAPPEND and GTMSS read them: SIZE first, the others where it says nothing."""


def window(task) -> tuple[int, int, int, int]:
    """sl, ss, nl, ns; nl and ns are 0 when nothing was said."""
    size = task.integers("SIZE")
    names = ("SL", "SS", "NL", "NS")
    usual = (1, 1, 0, 0)
    return tuple(task.integer(name) if value == unset else value for name, unset, value in zip(names, usual, size))
