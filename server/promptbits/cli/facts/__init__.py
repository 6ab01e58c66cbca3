"""The commands about what is measured: record, import, export, stats and db."""
