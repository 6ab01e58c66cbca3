"""This server beside its peers, on the same files, in one run: `make bench`. Explained in docs/benchmarks.md."""
