"""A released copy of a screening's scene figures with differential privacy: docs/privacy.md, "Noise instead of k"."""
