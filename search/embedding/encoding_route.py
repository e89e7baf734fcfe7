"""How passages are encoded on this processor: measured once, and remembered beside the compiled model."""

import io
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from search.cores import usable_cores
from search.embedding.compiled_graph import CompiledGraph
from search.embedding.openvino_loading import openvino
from search.embedding.quantization import Ranges, calibrate, quantized
from search.files import exclusive, write_durably
from search.protocols import Floats, Ints

ENOUGH = 256
"""Texts from which a route is measured: of fewer, encoding takes less time than measuring."""
_CALIBRATED = 32  # with 16 the vectors were a quarter further from those of float32
_TIMED = 3  # one of so many of these texts
_GAIN = 1.1  # times faster than the usual route; less may be noise
_SAME_VECTOR = 0.999  # mean cosine with float32
_SAME_SPACE = 0.995  # least cosine with float32
_OPTIONS = {"PERFORMANCE_HINT": "THROUGHPUT"}
_CPUINFO = Path("/proc/cpuinfo")
_INTEGER_PRODUCTS = re.compile(r"^flags\s*:.*\b(avx_vnni|avx512_vnni|amx_int8)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Trial:
    """Texts a second of processor time, and the cosines of their vectors with those of float32."""

    rate: float
    cosines: Floats


def pays(usual: Trial, integers: Trial) -> bool:
    """Whether products of integers are much faster than the usual route, and give the same vectors."""
    return bool(
        integers.rate >= _GAIN * usual.rate
        and integers.cosines.mean() >= _SAME_VECTOR
        and integers.cosines.min() >= _SAME_SPACE
    )


class Routes:
    """The route of one compiled model, in a file beside its folder that another machine measures anew.

    The usual route computes in bfloat16 where the processor is fast with it, else in float32, as OpenVINO
    chooses. The other has products of 8-bit integers, on processors that multiply them (VNNI, AMX): on
    others they are slower.
    """

    def __init__(self, graph: Path) -> None:
        self._graph = graph
        self._file = graph.parent.with_name(f"{graph.parent.name}-route.npz")

    def remembered(self) -> CompiledGraph | None:
        """The model by the route that was measured on this machine; None if there is none that runs."""
        try:
            with np.load(io.BytesIO(self._file.read_bytes()), allow_pickle=False) as file:
                if json.loads(str(file["machine"])) != _machine():
                    return None
                return self._compiled([file[f"range{number}"] for number in range(len(file.files) - 1)])
        except Exception:  # a damaged file may fail in any way, and is measured anew
            return None

    def usual(self) -> CompiledGraph:
        """The model by the usual route."""
        return self._compiled([])

    def measured(self, usual: CompiledGraph, ids: Ints, mask: Ints) -> CompiledGraph:
        """The model by the faster route for these texts, which is remembered; raises RuntimeError, OSError.

        Another process that measures is waited for, as two would disturb each other.
        """
        with exclusive(self._file.with_suffix(".lock")):
            if (compiled := self.remembered()) is not None:
                return compiled
            step = max(1, len(ids) // _CALIBRATED)
            compiled, ranges = self._choose(usual, ids[::step], mask[::step])
            self._remember(ranges)
        return compiled

    def _choose(self, usual: CompiledGraph, ids: Ints, mask: Ints) -> tuple[CompiledGraph, Ranges]:
        if not multiplies_integers():
            return usual, []
        exact, ranges = calibrate(self._graph, ids, mask)
        integers = self._compiled(ranges)
        timed = ids[::_TIMED], mask[::_TIMED], exact[::_TIMED]
        if pays(_trial(usual, *timed), _trial(integers, *timed)):
            return integers, ranges
        return usual, []

    def _compiled(self, ranges: Ranges) -> CompiledGraph:
        return CompiledGraph(quantized(self._graph, ranges) if ranges else self._graph, _OPTIONS)

    def _remember(self, ranges: Ranges) -> None:
        content = io.BytesIO()
        arrays: dict[str, Any] = {f"range{number}": values for number, values in enumerate(ranges)}
        np.savez(content, machine=np.array(json.dumps(_machine())), **arrays)
        write_durably(self._file, content.getvalue())


def multiplies_integers() -> bool:
    """Whether this processor multiplies 8-bit integers in one instruction; Linux on x86-64 says so."""
    try:
        return bool(_INTEGER_PRODUCTS.search(_CPUINFO.read_text(encoding="utf-8")))
    except OSError:
        return False


def _trial(model: CompiledGraph, ids: Ints, mask: Ints, exact: Floats) -> Trial:
    vectors = model.vectors(ids, mask)  # the first time, OpenVINO prepares every shape
    began = time.process_time()  # other programs change how long it takes, and hardly this
    model.vectors(ids, mask)
    seconds = time.process_time() - began
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(exact, axis=1)
    return Trial(len(ids) / max(seconds, 1e-9), (vectors * exact).sum(axis=1) / lengths)


def _machine() -> list[object]:
    """What a route depends on, as JSON gives it back."""
    core = openvino().Core()
    name, capabilities = (
        core.get_property("CPU", name) for name in ("FULL_DEVICE_NAME", "OPTIMIZATION_CAPABILITIES")
    )
    version = openvino().__version__
    return [str(name), sorted(map(str, capabilities)), multiplies_integers(), version, usable_cores()]
