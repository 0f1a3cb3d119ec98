"""One exception for everything that can be wrong with a qube or a calibration."""


class IsisError(Exception):
    """Something ISIS 2 refuses: ``key`` names it in messages (``[VOYCAL-NOMATCH] text``), the text is one clear sentence."""

    def __init__(self, key: str, text: str):
        super().__init__(text)
        self.key = key
        self.text = text
