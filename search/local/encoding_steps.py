"""Encodes what a published generation lacks, and publishes its vectors in steps."""

import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from search.build_types import Manifest, Progress, Stage
from search.local import layout
from search.local.index_stages import validate_vectors
from search.local.manifest import last_complete, seal
from search.local.reader import Generation, open_current
from search.local.vector_cache import VectorCache
from search.local.vector_stages import PublishedVectors, StoreVectors
from search.protocols import Encoder

FIRST_STEP = 1024
"""So many texts are encoded before their vectors are published for the first time, then twice as many."""
_SHARE = 20  # publishing takes at most one part in so many of the time


def encode_in_steps(index: Path, encoder: Encoder, progress: Progress) -> tuple[Manifest, int]:
    """Encode and publish until no passage lacks a vector, for a caller that has the builder's lock.

    Gives the manifest of the last generation, and how many texts were encoded. Raises EncoderUnavailable and
    OSError; then the generation that was published last stays, and the next build goes on.
    """
    progress(Stage.SEARCHABLE, 0, 0)
    with closing(VectorCache(layout.vector_cache_file(index), encoder.name)) as cache:
        steps = _EncodingSteps(index, cache, encoder, progress)
        while not (manifest := steps.publish_next()).complete:
            pass
        cache.remove()
    return manifest, steps.encoded


class _EncodingSteps:
    """The steps of one build; ``encoded`` texts got their vector in them."""

    def __init__(self, index: Path, cache: VectorCache, encoder: Encoder, progress: Progress) -> None:
        self.encoded = 0
        self._index, self._cache, self._encoder, self._progress = index, cache, encoder, progress
        self._next_step = FIRST_STEP
        self._not_before = 0.0

    def publish_next(self) -> Manifest:
        """Encode until it is time to publish, and publish the same articles with more vectors."""
        with layout.staging_folder(self._index) as staging:
            with closing(open_current(self._index)) as published:
                vectors = self._vectors(published)
                self._encode(vectors)
                began = time.monotonic()
                layout.share_words(published.files, staging)
                manifest = _manifest(published.manifest, staging, *vectors.write(staging))
            seal(staging, manifest)
            validate_vectors(staging)
            layout.publish(self._index, staging, last_complete(self._index))
        self._next_step = 2 * self.encoded
        self._not_before = time.monotonic() + _SHARE * (time.monotonic() - began)
        return manifest

    def _vectors(self, published: Generation) -> StoreVectors:
        made = PublishedVectors.of(published.store.text_hashes(), published.vectors)
        return StoreVectors(published.store, made, self._cache, self._encoder)

    def _encode(self, vectors: StoreVectors) -> None:
        """Encode until nothing is missing, or it is time to publish."""
        batches = vectors.missing()
        total = self.encoded + sum(map(len, batches))
        for batch in batches:
            vectors.encode(batch)
            self.encoded += len(batch)
            if self.encoded == total:
                self._progress(Stage.ENCODE, total, total)
                self._progress(Stage.CHECK, 0, 0)
                return
            self._progress(Stage.ENCODE, self.encoded, total)
            if self.encoded >= self._next_step and time.monotonic() >= self._not_before:
                return


def _manifest(published: Manifest, staging: layout.Layout, kind: str, encoded: int) -> Manifest:
    """The manifest of a staged generation of the same articles with other vectors.

    A file that both share must be as it was published, so it keeps its checksum.
    """
    shared = {path.name: published.checksums[path.name] for path in staging.without_vectors}
    return replace(
        published,
        id=layout.generation_id(staging),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        vectors=kind,
        encoded=encoded,
        checksums=layout.checksums(staging, shared),
    )
