"""Imports OpenVINO so that it reports nothing."""

import sys
from typing import Any


def openvino() -> Any:  # noqa: ANN401 - it has no types
    """The module; raises ImportError."""
    # OpenVINO would import this package, report its use over the network, and write to $HOME.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    import openvino

    return openvino
