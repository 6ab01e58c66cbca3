"""The scorer against closed forms written out again, and what it may say on how many facts."""

import math
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.optimize import Observation, Scorer, ScorerFileError
from promptbits.optimize.scorer.evidence import evidence
from promptbits.optimize.scorer.kernel import shipped
from promptbits.optimize.scorer.process import LEVEL, fit, left_out, rates, stabilised

ENDS = ("Answer:", "Explain why.", "Reply with yes or no.", "Think step by step, then answer.", "Be brief.")
STARTS = ("Read the report", "You are an editor; read <<text>>", "Please look at {text}", "Q: what is in <<text>>?")
SUBJECTS = ("the risks", "every error", "the names of people", "what is missing", "a summary in three lines")
TEXTS = [f"{start} and list {subject}.\n{end}" for start in STARTS for subject in SUBJECTS for end in ENDS]


def facts(n: int, trials: int = 60, seed: int = 1) -> list[Observation]:
    """Facts where the ending decides, as it often does."""
    rng = random.Random(seed)
    found = []
    for text in rng.sample(TEXTS, n):
        rate = 0.2 + 0.15 * next(at for at, end in enumerate(ENDS) if text.endswith(end))
        found.append(Observation(text, sum(rng.random() < rate for _ in range(trials)), trials))
    return found


def test_means_and_spreads_are_those_of_the_textbook():
    known, asked = facts(12), TEXTS[:7]
    kernel = shipped()
    process = fit(
        kernel,
        kernel.features([each.text for each in known]),
        np.array([each.successes for each in known], float),
        np.array([each.trials for each in known], float),
    )
    rows = kernel.features(asked)
    covariance = LEVEL + process.variance * kernel.covariance(process.rows, process.rows)
    covariance += np.diag([1 / (4 * each.trials + 2) for each in known])
    scores = [math.asin(math.sqrt((each.successes + 0.375) / (each.trials + 0.75))) for each in known]
    across = LEVEL + process.variance * kernel.covariance(rows, process.rows)
    offset = math.pi / 4 + process.guess * kernel.guess(process.rows)
    expected = math.pi / 4 + process.guess * kernel.guess(rows) + across @ np.linalg.solve(covariance, scores - offset)
    spread = LEVEL + process.variance * kernel.covariance(rows, rows) - across @ np.linalg.solve(covariance, across.T)
    means, covariances = process.latent(rows)
    assert means == pytest.approx(expected, abs=1e-9)
    assert covariances == pytest.approx(spread, abs=1e-9)


def test_what_is_left_out_is_what_a_fit_without_it_says():
    known = facts(8)
    kernel = shipped()
    rows = kernel.features([each.text for each in known])
    successes, trials = (np.array([getattr(each, name) for each in known], float) for name in ("successes", "trials"))
    process = fit(kernel, rows, successes, trials)
    scores, noise = stabilised(successes, trials)
    for first, second, difference in zip(*left_out(process, scores[:, None] - math.pi / 4), strict=True):
        rest = [at for at in range(len(known)) if at not in (first, second)]
        among = LEVEL + process.variance * kernel.covariance(rows[rest], rows[rest]) + np.diag(noise[rest])
        across = LEVEL + process.variance * kernel.covariance(rows[[first, second]], rows[rest])
        guesses = process.guess * kernel.guess(rows)
        said = guesses[[first, second]] + across @ np.linalg.solve(among, (scores - math.pi / 4 - guesses)[rest])
        assert difference[0] == pytest.approx(said[0] - said[1], abs=1e-8)


@given(st.floats(0.05, 1.5), st.floats(0.0005, 0.01))
@settings(max_examples=20, deadline=None)
def test_the_spread_of_a_rate_is_that_of_many_draws(mean: float, variance: float):
    draws = np.sin(np.random.default_rng(5).normal(mean, math.sqrt(variance), 40_000)) ** 2
    rate, std = rates(np.array([mean]), np.array([variance]))
    assert rate[0] == pytest.approx(np.median(draws), abs=0.01)
    assert std[0] == pytest.approx(draws.std(), abs=0.005)


@pytest.mark.parametrize("n", [0, 1, 3, 30])
def test_the_file_says_what_the_scorer_says(tmp_path: Path, n: int):
    scorer = Scorer.fit(facts(n)) if n else Scorer.prior()
    scorer.export(tmp_path / "scorer.onnx")
    loaded = Scorer.load(tmp_path / "scorer.onnx")
    asked = [*TEXTS, "", "quite another thing " * 200]
    for ours, theirs in zip(scorer.score(asked), loaded.score(asked), strict=True):
        assert theirs.mean == pytest.approx(ours.mean, abs=1e-5)
        assert theirs.std == pytest.approx(ours.std, abs=1e-5)
        assert theirs.evidence == ours.evidence
    assert loaded.probability_better(TEXTS[0], TEXTS[9]) == pytest.approx(
        scorer.probability_better(TEXTS[0], TEXTS[9]), abs=1e-5
    )
    assert (loaded.digest, loaded.check, loaded.texts, loaded.trials) == (
        scorer.digest,
        scorer.check,
        scorer.texts,
        scorer.trials,
    )
    assert (loaded.ranks, loaded.why) == (scorer.ranks, scorer.why)


def test_the_order_of_facts_and_how_they_are_split_do_not_matter(tmp_path: Path):
    known = facts(20)
    mixed = list(reversed(known))
    mixed[0] = Observation(mixed[0].text, mixed[0].successes, mixed[0].trials - 1 + 1)
    split = [Observation(each.text, each.successes, each.successes) for each in known if each.successes]
    split += [Observation(each.text, 0, each.trials - each.successes) for each in known]
    scorers = [Scorer.fit(each) for each in (known, mixed, split, [*known, Observation("never run", 0, 0)])]
    files = []
    for at, scorer in enumerate(scorers):
        scorer.export(tmp_path / f"{at}.onnx")
        files.append((tmp_path / f"{at}.onnx").read_bytes())
    assert files[1:] == files[:1] * 3
    assert Scorer.fit(facts(20, seed=2)).digest != scorers[0].digest


def test_it_learns_what_decides():
    scorer = Scorer.fit(facts(40))
    asked = [text for text in TEXTS if text not in {each.text for each in facts(40)}]
    by_ending = {end: np.mean([p.mean for p in scorer.score([t for t in asked if t.endswith(end)])]) for end in ENDS}
    assert by_ending["Answer:"] < by_ending["Be brief."] - 0.2
    assert scorer.ranks
    best, worst = (next(t for t in asked if t.endswith(end)) for end in ("Be brief.", "Answer:"))
    assert scorer.probability_better(best, worst) > 0.8
    assert scorer.probability_better(worst, best) == pytest.approx(1 - scorer.probability_better(best, worst))
    assert scorer.probability_better(best, best) == 0.5


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10), st.integers(1, 50))
def test_more_trials_narrow_the_interval_and_draw_the_prediction_nearer(successes: int, factor: int):
    others = facts(10)
    text = TEXTS[-1]
    others = [each for each in others if each.text != text]
    few = Scorer.fit([*others, Observation(text, successes, 10)]).score([text])[0]
    many = Scorer.fit([*others, Observation(text, successes * (factor + 1), 10 * (factor + 1))])
    measured = many.engine.latent(many.kernel.features([text]))[1][0, 0]
    noise = 1 / (4 * 10 * (factor + 1) + 2)
    assert measured <= noise
    assert abs(many.score([text])[0].mean - successes / 10) <= abs(few.mean - successes / 10) + 0.05


def test_texts_unlike_anything_measured_have_wider_intervals():
    scorer = Scorer.fit(facts(40, trials=200))
    near = [each.std for each in scorer.score([text for text in TEXTS if text not in {f.text for f in facts(40)}])]
    far = scorer.score(["", "zzz " * 3000, "<b>" * 50, "Ein ganz anderer Text, auf Deutsch; 17 Zeilen."])
    assert min(each.std for each in far) > max(near)


def test_what_is_known_of_nothing_is_wide_and_called_so():
    prior = Scorer.prior()
    found = prior.score(TEXTS[:5])
    assert {each.evidence for each in found} == {"none"}
    assert min(each.std for each in found) > 0.2
    assert "heuristic" in prior.standing
    assert prior.ranks


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(0, 40), st.integers(0, 40)), max_size=12),
    st.text(max_size=80),
)
def test_predictions_are_rates_whatever_was_measured(rows: list[tuple[str, int, int]], text: str):
    scorer = Scorer.fit([Observation(each, min(a, b), max(a, b)) for each, a, b in rows])
    for prediction in scorer.score([text, *TEXTS[:3]]):
        assert 0.0 <= prediction.mean <= 1.0
        assert 0.0 <= prediction.std <= 0.5
    assert 0.0 <= scorer.probability_better(text, TEXTS[0]) <= 1.0


@pytest.mark.parametrize(
    ("texts", "trials", "expected"),
    [
        (0, 0, "none"), (1, 30, "heuristic"), (4, 99, "heuristic"), (5, 30, "weak"), (19, 30, "weak"),
        (20, 30, "moderate"), (49, 30, "moderate"), (50, 30, "good"), (500, 30, "good"),
        (1, 1, "heuristic"), (5, 29, "heuristic"), (20, 29, "weak"), (50, 29, "moderate"),
    ],
)  # fmt: skip
def test_evidence(texts: int, trials: int, expected: str):
    assert evidence([trials] * texts) == expected


def test_feedback_that_is_noise_disables_ranking_and_good_feedback_does_not():
    ranked = 0
    for seed in range(20):
        rng = random.Random(seed)
        noise = [Observation(text, sum(rng.random() < 0.5 for _ in range(20)), 20) for text in rng.sample(TEXTS, 25)]
        scorer = Scorer.fit(noise)
        ranked += scorer.ranks
        if not scorer.ranks:
            assert "too noisy" in scorer.why
    assert ranked <= 4
    assert all(Scorer.fit(facts(30, seed=seed)).ranks for seed in range(10))


def test_facts_that_are_all_alike_rank_nothing():
    scorer = Scorer.fit([Observation(text, 5, 10) for text in TEXTS[:12]])
    assert not scorer.ranks
    assert "alike" in scorer.why


def test_an_impossible_observation_is_refused():
    with pytest.raises(ValueError, match="11 successes in 10 trials"):
        Observation("text", 11, 10)


def test_files_that_are_no_scorers_are_refused_in_words(tmp_path: Path):
    path = tmp_path / "scorer.onnx"
    with pytest.raises(ScorerFileError, match="cannot be read"):
        Scorer.load(path)
    path.write_bytes(b"not a model")
    with pytest.raises(ScorerFileError, match="not an ONNX file"):
        Scorer.load(path)
    Scorer.prior().export(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ScorerFileError):
        Scorer.load(path)


def test_a_file_of_other_features_is_refused(tmp_path: Path):
    import onnx

    path = tmp_path / "scorer.onnx"
    Scorer.prior().export(path)
    model = onnx.load(str(path))
    assert (model.ir_version, model.opset_import[0].version) == (8, 17)
    properties = {each.key: each.value for each in model.metadata_props}
    assert {"version", "features", "digest", "evidence", "texts", "trials"} <= properties.keys()
    onnx.helper.set_model_props(model, {**properties, "features": "0"})
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ScorerFileError, match="another version"):
        Scorer.load(path)
    onnx.helper.set_model_props(model, {})
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ScorerFileError, match="not a scorer"):
        Scorer.load(path)


def test_a_prior_lends_its_kernel_and_none_of_its_facts(tmp_path: Path):
    known = facts(10)
    assert Scorer.fit(known, prior=Scorer.fit(facts(30, seed=3))).digest == Scorer.fit(known).digest
    Scorer.fit(known).export(tmp_path / "scorer.onnx")
    again = Scorer.fit(known, prior=Scorer.load(tmp_path / "scorer.onnx"))
    assert again.digest == Scorer.fit(known).digest


def test_a_loaded_scorer_is_in_a_file_already(tmp_path: Path):
    Scorer.prior().export(tmp_path / "scorer.onnx")
    with pytest.raises(TypeError, match="already"):
        Scorer.load(tmp_path / "scorer.onnx").export(tmp_path / "other.onnx")


def test_the_optimizer_is_imported_without_numpy():
    code = "import sys, promptbits.optimize; print('numpy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
