"""A scorer that knows what it does not know: a Gaussian process over the measured texts of one lineage and one model.

How it works, on one page:

- A text is seen as 77 figures of its structure (sizes, punctuation, labels, variables, cue words: `structure.py`) and
  as hashed n-grams in seven views (words, pairs, characters, where it starts and ends: `ngrams.py`).
- Two texts are alike, `exp(-distance)`, by a weighted sum of the differences in all of these (`kernel.py`). The weights
  are a small file. They were chosen once on public measurements of other tasks, by marginal likelihood: they say which
  differences matter to models at all, not which text is better. That is learned from the facts of the lineage alone.
- Measured rates become arcsines of their roots, whose noise is known from the trials: 8 of 10 weighs less than 80 of
  100. A rate is an unknown level, plus what alike texts share, plus what is the text's own (`process.py`). The variance
  between texts is what is found beyond the noise, drawn towards a usual one while few are measured.
- A weak guess from structure orders texts where nothing is measured, and fades as facts come.
- Prediction and standard deviation are in closed form. Far from everything measured, the prediction falls back on the
  level and the interval widens to all that is unknown.
- Each pair of measured texts is ordered from the others alone. Where that is not better than chance, by a lower bound,
  the scorer says so and does not rank (`evidence.py`; the words are in `wording.py`).
- `export` writes all of it as one ONNX graph (`graph.py`), which `load` runs with onnxruntime (`stored.py`).

What it does not do: predict a rate without facts, carry anything from one model to another, or replace a measurement.
How well it ranks, on families of tasks that it never saw: `python -m benchmarks.scorer DATA_FOLDER`.
"""
