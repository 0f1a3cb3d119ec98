"""VICAR labels: text in, text out; numpy is not needed here."""

from vicar.label.label import ItemInfo, Label, history_text
from vicar.label.system import HistoryStamp

__all__ = ["HistoryStamp", "ItemInfo", "Label", "history_text"]
