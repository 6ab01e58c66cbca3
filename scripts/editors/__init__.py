"""The editors that tests run in, installed into a folder of this checkout and nowhere else."""
