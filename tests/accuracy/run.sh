#!/usr/bin/env bash
# Scores the product on fresh simulated corpora, and on the shared development corpus where it is there.
# Usage: run.sh BUILD_DIR   (ACCURACY_SEED, ACCURACY_COUNT and AVTALSKOLL_SHARED change seed, size and place)
set -euo pipefail
build=$1
out=accuracy-out
seed=${ACCURACY_SEED:-4711}
count=${ACCURACY_COUNT:-200}
shared=${AVTALSKOLL_SHARED:-../shared}
rm -rf "$out" && mkdir -p "$out"

score() { # name, corpus
    "$build/avtalskoll" check "$2" --out "$out/$1" > "$out/$1.txt" || [ $? = 1 ]
    echo "== $1"
    "$build/avtalskoll-score" "$2/truth.json" "$out/$1" --wrong "$out/$1/wrong.html" | tee "$out/$1-score.txt" || [ "${PIPESTATUS[0]}" = 1 ]
    echo "Wrong ones with their crops: $out/$1/wrong.html"
}

echo "seed $seed, $count submissions a corpus, $(nproc) cores, $(uname -m)"
"$build/avtalskoll-simulate" --out "$out/plain-corpus" --count "$count" --seed "$seed"
score plain "$out/plain-corpus"
"$build/avtalskoll-simulate" --out "$out/hard-corpus" --count "$count" --seed "$((seed + 1))" --hard
score hard "$out/hard-corpus"
if [ -d "$shared/corpus/dev" ]; then score dev "$shared/corpus/dev"; else echo "no development corpus at $shared: skipped"; fi
