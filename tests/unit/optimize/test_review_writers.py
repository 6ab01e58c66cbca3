"""Several processes and threads write reviews at once, are killed, and meet a full disk: no review is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from review_samples import acknowledged, go, review, start

from promptbits.optimize.reviews.locking import HeldError, held
from promptbits.optimize.reviews.model import Review
from promptbits.optimize.reviews.opening import open_reviews, reviews_path
from promptbits.optimize.reviews.storage import LockedStorage
from promptbits.optimize.reviews.store import ReviewStoreError

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


def quiet(line: str) -> None:
    raise AssertionError(line)


def stored(root: Path) -> list[Review]:
    """All reviews; what would have to be said of the file fails the test."""
    return open_reviews(root, quiet).all()


def test_two_editors_and_a_command_lose_nothing(tmp_path: Path) -> None:
    writers = [start(tmp_path, name, 30) for name in ("one", "two", "three")]
    go(*writers)
    results = [writer.communicate(timeout=100) for writer in writers]
    assert [(writer.returncode, err) for writer, (_, err) in zip(writers, results, strict=True)] == [(0, "")] * 3
    said = [line for out, _ in results for line in acknowledged(out)]
    found = stored(tmp_path)
    assert [each.number for each in found] == list(range(1, 91))
    added = {(number, id_) for what, number, id_ in said if what == "added"}
    assert added == {(each.number, each.basis.prompt_id) for each in found}
    rejected = {number for what, number, _ in said if what == "rejected"}
    assert rejected == {each.number for each in found if each.status == "rejected"}
    assert len(rejected) == 45


@posix_only
def test_kill_9_loses_no_review_and_never_damages_the_file(tmp_path: Path) -> None:
    said: list[tuple[str, int, str]] = []
    for turn in range(8):
        victim, survivor = start(tmp_path, f"victim{turn}", 10_000), start(tmp_path, f"survivor{turn}", 3)
        go(victim, survivor)
        assert victim.stdout is not None
        # Killed while it writes, each time at another place; the other one goes on meanwhile, and after it.
        lines = [victim.stdout.readline() for _ in range(2 + turn % 3)]
        victim.send_signal(signal.SIGKILL)
        rest = victim.stdout.read()
        victim.wait(timeout=60)
        out, err = survivor.communicate(timeout=100)
        assert (victim.returncode, survivor.returncode, err) == (-signal.SIGKILL, 0, "")
        said += acknowledged("".join(lines) + rest) + acknowledged(out)
        found = {each.number: each for each in stored(tmp_path)}
        for what, number, prompt_id in said:
            assert found[number].basis.prompt_id == prompt_id
            if what == "rejected":
                assert found[number].status == "rejected"
        for stream in (victim.stdin, victim.stdout, victim.stderr):
            assert stream is not None
            stream.close()
    assert len(said) > 40
    names = sorted(each.name for each in (tmp_path / ".promptbits").iterdir() if not each.name.endswith(".tmp"))
    assert names == [".gitignore", "reviews.json", "reviews.lock"]


def test_what_a_killed_writer_left_is_swept_up_by_the_next(tmp_path: Path) -> None:
    store = open_reviews(tmp_path, quiet)
    store.add(review())
    left = reviews_path(tmp_path).with_name(".reviews.json.0123456789abcdef.tmp")
    left.write_text('{"half')
    store.add(review())
    assert not left.exists()
    assert len(stored(tmp_path)) == 2


def test_threads_share_a_store(tmp_path: Path) -> None:
    store = open_reviews(tmp_path, quiet)
    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(lambda n: store.add(review(prompt_id=f"p{n}")).number, range(24)))
    assert sorted(numbers) == list(range(1, 25))
    assert [each.number for each in stored(tmp_path)] == list(range(1, 25))


def test_whoever_waits_too_long_is_told_so(tmp_path: Path) -> None:
    path = reviews_path(tmp_path)
    storage = LockedStorage(path, quiet, seconds=0.05)
    with storage.transaction():
        other = LockedStorage(path, quiet, seconds=0.05)
        with pytest.raises(ReviewStoreError, match=r"another process has been writing for more than 0\.05 s"):
            other.transaction().__enter__()
    with other.transaction():
        pass  # it is free again


@posix_only
def test_a_lock_is_free_once_its_holder_is_dead(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    code = (
        "import sys\nfrom pathlib import Path\nfrom promptbits.optimize.reviews.locking import held\n"
        "with held(Path(sys.argv[1]), 5):\n    print('held', flush=True)\n    sys.stdin.readline()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(HeldError), held(lock, 0.01):
            pass
        holder.kill()
        holder.wait(timeout=60)
        with held(lock, 5):
            pass


def test_what_a_change_raises_leaves_everything_as_it_was(tmp_path: Path) -> None:
    store = open_reviews(tmp_path, quiet)
    store.add(review())
    before = reviews_path(tmp_path).read_bytes()

    def fail(_review: Review, _others: list[Review]) -> list[Review]:
        raise FileExistsError(17, "File exists", "somewhere.json")

    with pytest.raises(FileExistsError):  # as it is: it is not about the file of reviews
        store.update(1, fail)
    assert reviews_path(tmp_path).read_bytes() == before
    store.add(review())
    assert len(stored(tmp_path)) == 2


LIMITED = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from review_samples import review
from promptbits.optimize.reviews.opening import open_reviews
from promptbits.optimize.reviews.store import ReviewStoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_reviews(Path(sys.argv[2]), print)
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
done = 0
try:
    for number in range(1_000):
        store.add(review(f"x" * 500))
        done += 1
except ReviewStoreError as problem:
    print(done, problem, flush=True)
"""


@posix_only
def test_a_full_disk_loses_nothing_and_says_so_once(tmp_path: Path) -> None:
    here = os.fspath(Path(__file__).parent)
    ran = subprocess.run([sys.executable, "-c", LIMITED, here, tmp_path], capture_output=True, text=True, check=True)
    done, said = ran.stdout.strip().split(" ", 1)
    assert said == f"{reviews_path(tmp_path)}: the disk is full; nothing was written"
    assert len(stored(tmp_path)) == int(done) > 5
    assert not list((tmp_path / ".promptbits").glob("*.tmp"))
    assert json.loads(reviews_path(tmp_path).read_text("utf-8"))["version"] == 1
