#!/usr/bin/env bash
# faiss-cpu 1.15.1: flat indexes of PQ codes cannot be searched among some rows; an index of one group can.
#
# Behaviour: IndexPQ and IndexPQFastScan raise "not supported" where a search has a selector. IndexIVFPQFastScan holds
# the same codes and scans them with the same kernels. It takes the selector, and with one group (nlist=1) it compares
# every row, as the flat index does.
# Likely wrong guess: that all flat indexes take a selector, as IndexScalarQuantizer does; that fast scan cannot be
# filtered; or that an index of groups with one group is of no use.
# Output seen:
#   IndexScalarQuantizer with a selector: only selected rows: True
#   IndexPQ with a selector: not supported
#   IndexPQFastScan with a selector: not supported
#   IndexIVFPQFastScan, one group, with a selector: only selected rows: True
#   IndexPQFastScan and IndexIVFPQFastScan without a selector, rows in common: 10 of 10
# Why it matters here: a search with a filter must find the nearest of the articles that the filter allows. So
# search/local/vector_codes.py keeps the codes of a small archive in an index of groups with a single group.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check faiss-cpu==1.15.1 numpy==2.4.6 2> /dev/null
"$folder/venv/bin/python" - <<'PYTHON'
import faiss
import numpy as np

faiss.omp_set_num_threads(1)
generator = np.random.default_rng(1)
vectors = generator.standard_normal((4096, 32)).astype(np.float32)
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
query = vectors[:1]
chosen = np.arange(0, 4096, 7)
selector = faiss.IDSelectorBatch(chosen)

scalar = faiss.IndexScalarQuantizer(32, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
plain = faiss.IndexPQ(32, 32, 4, faiss.METRIC_INNER_PRODUCT)
flat = faiss.IndexPQFastScan(32, 32, 4, faiss.METRIC_INNER_PRODUCT)
centroid = faiss.IndexFlatIP(32)
centroid.add(np.zeros((1, 32), np.float32))
grouped = faiss.IndexIVFPQFastScan(centroid, 32, 1, 32, 4, faiss.METRIC_INNER_PRODUCT)
grouped.by_residual = False
for index in (scalar, plain, flat):
    index.train(vectors)
    index.add(vectors)
faiss.copy_array_to_vector(faiss.vector_to_array(flat.pq.centroids), grouped.pq.centroids)
grouped.is_trained = True
grouped.add(vectors)


def selected(index, parameters):
    _, rows = index.search(query, 10, params=parameters)
    return bool(np.isin(rows, chosen).all())


takes_scalar = selected(scalar, faiss.SearchParameters(sel=selector))
print("IndexScalarQuantizer with a selector: only selected rows:", takes_scalar)
refusing = []
for index, parameters in ((plain, faiss.SearchParametersPQ(sel=selector)), (flat, faiss.SearchParameters(sel=selector))):
    try:
        index.search(query, 10, params=parameters)
        print(type(index).__name__, "with a selector: taken")
    except RuntimeError as error:
        refusing.append("not supported" in str(error))
        print(type(index).__name__, "with a selector:", "not supported" if refusing[-1] else error)
takes_grouped = selected(grouped, faiss.SearchParametersIVF(sel=selector, nprobe=1))
print("IndexIVFPQFastScan, one group, with a selector: only selected rows:", takes_grouped)
_, (flat_rows,) = flat.search(query, 10)
_, (grouped_rows,) = grouped.search(query, 10)
common = len(np.intersect1d(flat_rows, grouped_rows))
print(f"IndexPQFastScan and IndexIVFPQFastScan without a selector, rows in common: {common} of 10")
assert takes_scalar and refusing == [True, True] and takes_grouped and common == 10, "faiss has changed"
PYTHON
