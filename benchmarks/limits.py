"""How fast and how small reading is: texts a second, a cold start, and whether huge and hostile texts take time linear in their length.

python benchmarks/limits.py [--evaluation ../shared/evaluation]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpora import FOLDERS, SHARED, development, pairs

from kg_build.lexicon import load
from kg_build.reading import extract_facts

SENTENCE = "patients who received zelotamab plus dexamethasone (n = 154) had a median PFS of 11.1 months (95% CI, 7.8-13.8) and "
HOSTILE: dict[str, Callable[[int], str]] = {
    "one sentence": lambda n: (SENTENCE * (n // len(SENTENCE) + 1))[:n],
    "open brackets": lambda n: "([{" * (n // 3),
    "nested brackets": lambda n: "(" * (n // 2) + "a" + ")" * (n // 2),
    "numbers": lambda n: "1,234.5 95% CI, " * (n // 16),
    "comparisons": lambda n: "12% vs " * (n // 7),
    "capitals": lambda n: "Alpha-Beta A-" * (n // 13),
}


def seconds(text: str) -> float:
    """Processor time to read a text."""
    start = time.process_time()
    extract_facts(text, load())
    return time.process_time() - start


def warm(evaluation: Path) -> None:
    """Texts a second, all development texts, after a warm-up."""
    texts = [text for folder in FOLDERS for _, text, _ in development(evaluation, folder, "all")]
    for text in texts[:10]:
        extract_facts(text, load())
    spent = min(sum(map(seconds, texts)) for _ in range(3))
    print(f"warm: {len(texts)} texts, {sum(map(len, texts)) / len(texts):.0f} characters each: {len(texts) / spent:.0f} a second")


def cold(path: Path) -> None:
    """A whole `kg extract` of one text, several times."""
    times = []
    for _ in range(5):
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "kg_build", "extract", str(path)], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append((time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    wall, cpu = (sorted(column)[2] for column in zip(*times, strict=True))
    print(f"cold `kg extract`: median {wall:.2f} s wall, {cpu:.2f} s processor, {after.ru_maxrss / 1024:.0f} MB at most")


def linear(article: str) -> None:
    """Huge and hostile texts, at a length and at eight times that."""
    for name, make in {"articles": lambda n: (article * (n // len(article) + 1))[:n], **HOSTILE}.items():
        small, large = seconds(make(12_500)), seconds(make(100_000))
        print(f"{name:16} 12,500: {small:.2f} s; 100,000: {large:.2f} s; ratio {large / max(small, 0.001):.1f} (8 is linear)")
    million = (article * (1_000_000 // len(article) + 1))[:1_000_000]
    print(f"1,000,000 characters of articles: {seconds(million):.1f} s")


def main() -> None:
    """Prints all three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluation", type=Path, default=SHARED)
    args = parser.parse_args()
    warm(args.evaluation)
    cold(args.evaluation / "seed" / "seed.txt")
    _, article, _ = next(pairs(args.evaluation / "seed"))
    linear(article)


if __name__ == "__main__":
    main()
