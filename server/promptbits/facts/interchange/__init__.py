"""Facts in files: JSONL and CSV, written and read back fact for fact."""
