"""What is learned from facts and kept: scorers, one for each lineage and model, and how often operators are tried.

- `material.py`: what a store knows of a lineage under one model. Never pooled over models.
- `figures.py`: how well facts predict each other, with an interval, and what chance gives on the same texts.
- `gate.py`: whether a new scorer is promoted: not if it is worse than the current one on what both had to do without.
- `places.py`, `registry.py`: where versions lie, which one is current, and the way back.
- `card.py`: what is written beside each version for people.
- `trainer.py`: one training from end to end. `serving.py`: the scorer that optimizations use.
- `operators.py`: weights of operators. `calibration.py`: predictions beside what was measured later.

Only `figures.py`, `gate.py` and `trainer.py` need numpy.
"""
