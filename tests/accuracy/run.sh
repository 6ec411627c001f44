#!/usr/bin/env bash
# Scores the product on fresh simulated corpora, and on the shared development corpus if it exists.
# Usage: run.sh BUILD_DIR
#   ACCURACY_SEED, ACCURACY_COUNT   seed and submissions a corpus (200: about 2,900 fields)
#   ACCURACY_SIGNATURES             folder of scanned signatures (default: made-up ones)
#   AVTALSKOLL_SHARED               folder in which corpus/dev is the development corpus and blanks
#                                   holds blank forms
#   ACCURACY_WRITE=1                put the figures into docs/accuracy.md and docs/caution.svg
set -euo pipefail
build=$1
out=accuracy-out
seed=${ACCURACY_SEED:-4711}
count=${ACCURACY_COUNT:-200}
shared=${AVTALSKOLL_SHARED:-../shared}
rm -rf "$out" && mkdir -p "$out"

score() { # name, corpus
    "$build/avtalskoll-sweep" "$2" --out "$out/$1" --caution 0.25,0.5,1,2,4,8
    for reports in "$out/$1"/caution-*; do
        "$build/avtalskoll-score" "$2/truth.json" "$reports" --json "$reports.json" \
            > "$reports.txt" || [ $? = 1 ]
    done
    echo "== $1"
    "$build/avtalskoll-score" "$2/truth.json" "$out/$1/caution-1" \
        --wrong "$out/$1/caution-1/wrong.html" || [ $? = 1 ]
    echo "Wrong ones with their crops: $out/$1/caution-1/wrong.html"
}

signatures=()
[ -z "${ACCURACY_SIGNATURES:-}" ] || signatures=(--signatures "$ACCURACY_SIGNATURES")
echo "seed $seed, $count submissions a corpus, $(nproc --all) cores, $(uname -m)"
"$build/avtalskoll-simulate" --out "$out/plain-corpus" --count "$count" --seed "$seed" \
    "${signatures[@]}"
score plain "$out/plain-corpus"
"$build/avtalskoll-simulate" --out "$out/hard-corpus" --count "$count" --seed "$((seed + 1))" \
    --hard "${signatures[@]}"
score hard "$out/hard-corpus"
if [ -d "$shared/corpus/dev" ]; then
    score dev "$shared/corpus/dev"
else
    echo "no development corpus at $shared: skipped"
fi

# Forms as they are only imported: one with a field of every kind, and three public blanks.
imported() { # name, folder of forms
    "$build/avtalskoll-simulate" --forms "$2" --out "$out/form-$1-corpus" --count 60 \
        --seed "$((seed + 2))" "${signatures[@]}"
    "$build/avtalskoll" check "$out/form-$1-corpus" --forms "$2" --out "$out/form-$1" \
        > "$out/form-$1.log" || [ $? = 1 ]
    echo "== form $1"
    "$build/avtalskoll-score" "$out/form-$1-corpus/truth.json" "$out/form-$1" \
        > "$out/form-$1.txt" || [ $? = 1 ]
    grep straight "$out/form-$1.txt"
}
imported every-kind tests/every_kind
for blank in se-pub-avtal se-samtycke no-samtykke; do
    [ -f "$shared/blanks/$blank.pdf" ] || { echo "no blank $blank at $shared: skipped"; continue; }
    "$build/avtalskoll" form import "$shared/blanks/$blank.pdf" --id "$blank" --version 1 \
        --out "$out/forms-$blank" --pictures "$out/forms-$blank/pictures" > "$out/$blank.log"
    imported "$blank" "$out/forms-$blank"
done

python3 "$(dirname "$0")/figures.py" "$out" --curve "$out/caution.svg" > "$out/figures.md"
echo "Tables: $out/figures.md, curve: $out/caution.svg"
if [ "${ACCURACY_WRITE:-}" = 1 ]; then
    { sed '/^<!-- figures -->$/q' docs/accuracy.md
      printf '\nSeed %s, %s submissions a corpus, %s cores, %s.\n\n' \
          "$seed" "$count" "$(nproc --all)" "$(uname -m)"
      cat "$out/figures.md"; echo
      sed -n '/^<!-- end of figures -->$/,$p' docs/accuracy.md; } > "$out/accuracy.md"
    cp "$out/accuracy.md" docs/accuracy.md && cp "$out/caution.svg" docs/caution.svg
fi
