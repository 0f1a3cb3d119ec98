"""Labels of the Cassini imaging cameras (ISS), of ground calibration and flight. Source: ``vos/p2/sub/able97`` (Fortran).

The items of four kinds of label are read in the original's order, since the first one missing ends the reading and is
named. Those that may be missing only give a line.
"""

from __future__ import annotations

from collections.abc import Callable

from vicar.errors import VicarError
from vicar.label import Label

PROPERTIES = ("CASSINI-ISS", "CASSINI-ISS2", "IDENTIFICATION")
TOUR = "CASSINI-HUYGENS"

# Name, format, and the item's key in the labels of PROPERTIES: ``KEY`` of the property itself, ``KEY@PROPERTY``, ``-`` where
# there is none, ``=`` for the key on its left. ``?`` after the format: may be missing; ``.``: its absence ends the reading.
_ITEMS = """
phase            S  MISSION_PHASE_TYPE       MISSION_PHASE_NAME    MISSION_PHASE_NAME
camera           S  INSTRUMENT_ID            =                     INSTRUMENT_ID
image_number     I  IMAGE_NUMBER             =                     IMAGE_NUMBER
image_time       S  IMAGE_TIME               =                     IMAGE_TIME
software         S  SOFTWARE_VERSION_ID      =                     SOFTWARE_VERSION_ID@TELEMETRY
mode             S  INSTRUMENT_MODE_ID       =                     INSTRUMENT_MODE_ID@INSTRUMENT
filter1          S  FILTER1_NAME             =                     -
filter2          S  FILTER2_NAME             =                     -
filters          S  -                        -                     FILTER_NAME@INSTRUMENT
gain             S  GAIN_MODE_ID             =                     GAIN_MODE_ID@INSTRUMENT
exposure         R  EXPOSURE_DURATION        =                     EXPOSURE_DURATION@INSTRUMENT
compression      S  ENCODING_TYPE            =                     INST_CMPRS_TYPE@COMPRESSION
conversion       S  CONVERSION_TYPE          =                     DATA_CONVERSION_TYPE@IMAGE
ccd_temperature  R  DETECTOR_TEMPERATURE     =                     DETECTOR_TEMPERATURE@INSTRUMENT
optics           R  OPTICS_TEMPERATURE       =                     OPTICS_TEMPERATURE@INSTRUMENT
filter_temp      R  FILTER_TEMPERATURE       =                     FILTER_TEMPERATURE@INSTRUMENT
sensor_temp      R  -                        SENSOR_HEAD_ELEC_TEMP SENSOR_HEAD_ELEC_TEMPERATURE@INSTRUMENT
light_flood      S  LIGHT_FLOOD_STATE_FLAG   =                     LIGHT_FLOOD_STATE_FLAG@INSTRUMENT
antiblooming     S  ANTIBLOOMING_STATE_FLAG  =                     ANTIBLOOMING_STATE_FLAG@INSTRUMENT
calibration_lamp S  CALIB_LAMP_STATE_FLAG    =                     CALIBRATION_LAMP_STATE_FLAG@INSTRUMENT
VALUE
blocks           I? GROUP_BLOCKS             =                     -
algorithm        I? ALGORITHM                =                     -
block_type       I? BLOCK_TYPE               =                     -
quantization     I? QUANTIZATION_FACTOR_INDEX =                    -
compressing      I  -                        -                     INST_CMPRS_PARAM@COMPRESSION
END
bias             R  OFFSET                   BIAS                  BIAS_STRIP_MEAN@IMAGE
dark             R  DARK_CURRENT             EXTENDED_PIXEL_VALUE  DARK_STRIP_MEAN@IMAGE
ratio            R  COMPRESSION_RATIO        =                     INST_CMPRS_RATIO@COMPRESSION
target           S? TARGET_NAME              =                     TARGET_NAME
observation      S  OBSERVATION_ID           =                     OBSERVATION_ID
illuminant       S? ILLUMINANT               -                     -
VALUE
radiance         R? RADIANCE                 -                     -
missing_lines    I? MISSING_LINES            =                     MISSING_LINES@IMAGE
parameter        I. -              COMPRESSION_PARAMETER_VALUE     -
data_rate        R  -                        INSTRUMENT_DATA_RATE  INSTRUMENT_DATA_RATE@INSTRUMENT
shutter_mode     S  -                        SHUTTER_MODE_ID       SHUTTER_MODE_ID@INSTRUMENT
delayed_readout  S  -                        DELAYED_READOUT_FLAG  DELAYED_READOUT_FLAG@INSTRUMENT
shutter_event    S  -                        SHUTTER_EVENT_TYPE    -
prepare_cycle    I  -                        PREPARE_CYCLE_INDEX   PREPARE_CYCLE_INDEX@INSTRUMENT
readout_cycle    I  -                        READOUT_CYCLE_INDEX   READOUT_CYCLE_INDEX@INSTRUMENT
"""
# The same for IDENTIFICATION alone; C: before the tour, T: of the tour
_LATER = """
missing_packets  S   MISSING_PACKET_FLAG@TELEMETRY
shutter_state    S   SHUTTER_STATE_ID@INSTRUMENT
clock_partition  I   SPACECRAFT_CLOCK_CNT_PARTITION
command_sequence I   COMMAND_SEQUENCE_NUMBER@COMMAND
clock_start      S   SPACECRAFT_CLOCK_START_COUNT
clock_stop       S   SPACECRAFT_CLOCK_STOP_COUNT
received_start   S   EARTH_RECEIVED_START_TIME@TELEMETRY
received_stop    S   EARTH_RECEIVED_STOP_TIME@TELEMETRY
flight_software  S   FLIGHT_SOFTWARE_VERSION_ID@INSTRUMENT
start_time       S   START_TIME
lamp_duration    R C CALIBRATION_LAMP_DURATION@COMMAND
electronics_bias I   ELECTRONICS_BIAS@COMMAND
clock_voltage    I   PARALLEL_CLOCK_VOLTAGE_INDEX@COMMAND
data_set         S   DATA_SET_ID
host             S   INSTRUMENT_HOST_NAME
instrument       S   INSTRUMENT_NAME
note             S C NOTE
description      S T DESCRIPTION
creation_time    S   PRODUCT_CREATION_TIME
product          S   PRODUCT_ID
product_version  S   PRODUCT_VERSION_TYPE
sequence         S   SEQUENCE_ID
command_file     S   COMMAND_FILE_NAME@COMMAND
observation_type S   IMAGE_OBSERVATION_TYPE
sequence_title   S   SEQUENCE_TITLE
expected_packets I T EXPECTED_PACKETS@TELEMETRY
order            I T ORDER_NUMBER@COMMAND
received_packets I T RECEIVED_PACKETS@TELEMETRY
sequence_number  I T SEQUENCE_NUMBER
valid_maximum    I T VALID_MAXIMUM@COMPRESSION
expected_maximum R T EXPECTED_MAXIMUM@COMPRESSION
rate             R T INST_CMPRS_RATE@COMPRESSION
mid_time         S T IMAGE_MID_TIME
method           S T METHOD_DESC@INSTRUMENT
target_text      S T TARGET_DESC
targets          S T TARGET_LIST
telemetry_format S T TELEMETRY_FORMAT_ID@TELEMETRY
"""
_FORMATS = {"S": "STRING", "I": "INT", "R": "REAL"}
_DEFAULTS = {"target": ["UNKNOWN"], "illuminant": ["UNKNOWN"], "radiance": [1.0]}


class CassiniError(Exception):
    """A label that is not, or not wholly, of the Cassini cameras; the message is the original's, ``values`` what was read."""

    def __init__(self, text: str, values: dict[str, list] | None = None):
        self.values = values or {}
        super().__init__(text)


def mission_of(label: Label) -> tuple[str, str] | None:
    """Mission and the property that names it; None if none does."""
    for name in PROPERTIES:
        mission = label.get("MISSION_NAME", property=name, format="STRING", default=None)
        if mission is not None:
            return mission, name
    return None


def read_label(label: Label, say: Callable[[str], None]) -> dict[str, list]:
    """All items by name, as lists of values; ``say`` gets the lines on items that may be missing.

    Raises `CassiniError`.
    """
    found = mission_of(label)
    if found is None:
        raise CassiniError("MISSION_NAME MISSING")
    mission, name = found
    if not mission.startswith("CASSINI"):
        raise CassiniError("NOT CASSINI LABEL")
    values: dict[str, list] = {}
    for item, form, mark, key, place, text in _steps(mission, name):
        try:
            values[item] = label.values(key, property=place, format=_FORMATS[form])
        except VicarError:
            if mark not in "?.":
                raise CassiniError(text, values) from None
            say(text)
            if mark == ".":
                return values
            values[item] = _DEFAULTS.get(item, [-999])
        if item == "camera" and not values[item][0].startswith("ISS"):
            raise CassiniError("ONLY ISS INSTRUMENT IMPLEMENTED", values)
    values.setdefault("filters", values.get("filter1", [""])[:1] + values.get("filter2", [""])[:1])
    values.setdefault("radiance", [-999.0])
    return values


def _steps(mission: str, name: str):
    """(item, format letter, mark, key, property, message if missing) in order."""
    word = ""
    for line in _ITEMS.strip().split("\n"):
        if line in ("VALUE", "END"):
            word = "VALUE " if line == "VALUE" else ""
            continue
        item, form, *keys = line.split()
        keys[1] = keys[0] if keys[1] == "=" else keys[1]
        key, _, place = keys[PROPERTIES.index(name)].partition("@")
        if key != "-":
            yield item, form[0], form[1:] or "!", key, place or name, f"{key} {word}MISSING"
    if name == PROPERTIES[2]:
        for line in _LATER.strip().split("\n"):
            item, form, *when, text = line.split()
            if not when or (when[0] == "T") == (mission == TOUR):
                key, _, place = text.partition("@")
                yield item, form, "!", key, place or name, f"{key} VALUE MISSING"
