"""Editor features: pure functions of a snapshot and a position. Nothing here knows of the protocol's wiring."""
