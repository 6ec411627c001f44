#!/usr/bin/env bash
# Builds the fuzz targets (clang's libFuzzer, address and undefined behaviour sanitizers) and runs
# each for some seconds.
# Usage: run.sh BUILD_DIR SECONDS_EACH
# The parsers are compiled with the sanitizers; libraries are the installed ones. Seeds are made of
# the project's own files. Inputs found on the way are kept in BUILD_DIR/fuzz and used again. An
# input that breaks a target is written there, and the run fails.
set -euo pipefail
build=$1
seconds=$2
here=$(dirname "$0")
out=$build/fuzz
targets=(submission_json form_yaml raster_answer field_rules store_import web_request)
mkdir -p "${targets[@]/#/$out/seeds/}"

flags=(-std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
    -I. "-I$build/generated" $(pkg-config --cflags icu-uc libpqxx))
libraries=($(pkg-config --libs icu-uc icu-i18n libsodium libpqxx sqlite3 yaml-cpp fmt)
    -lphonenumber -lSQLiteCpp -lPocoNet -lPocoFoundation)
compilers=()
finish() { # a compiler that fails ends the run
    for compiler in "${compilers[@]}"; do wait "$compiler"; done
    compilers=()
}
compile() { # target, its sources
    local target=$1
    shift
    [ "$out/$target" -nt "$0" ] &&
        [ -z "$(find "$here/$target.cpp" "$@" -newer "$out/$target")" ] && return
    clang++ "${flags[@]}" "$here/$target.cpp" "$@" "${libraries[@]}" -o "$out/$target"
}
models=(models/*.cpp)
rules=(rules/*.cpp rules/kinds/*.cpp)
compile submission_json pipeline/account.cpp pipeline/files/file_hash.cpp "${models[@]}" &
compilers+=($!)
compile form_yaml pipeline/forms/form_{registry,relations}.cpp "${models[@]}" &
compilers+=($!)
finish
compile raster_answer ocr/document/raster_answer.cpp "${models[@]}" &
compilers+=($!)
store=(app/store/{audit,audit_rows,carried_decisions,case_search,earlier,joined_files}.cpp
    app/store/{originals,postgresql_database,purge}.cpp
    app/store/{sql_database,sql_store,sql_work_store,sqlite_database,sqlite_migration}.cpp
    app/store/{store_place,stored_json,stored_reports,stored_submissions}.cpp
    app/store/{submission_intake,utc_time}.cpp app/review/case.cpp)
compile store_import "${store[@]}" pipeline/files/{file_hash,file_kind,system_advice}.cpp \
    pipeline/reports/report_{csv,from_json,json}.cpp pipeline/texts/texts.cpp \
    rules/kinds/organisation_number.cpp \
    "${models[@]}" &
compilers+=($!)
finish
compile web_request app/http/http.cpp app/http/multipart.cpp "${models[@]}" &
compilers+=($!)
compile field_rules "${rules[@]}" "${models[@]}"
finish

seed() { # target, name; the bytes come from standard input
    cat > "$out/seeds/$1/$2"
}
printf '{"id": "s1", "personal_data": true, "organisation_number": "212000-1355"}' |
    seed submission_json all
printf '{"personal_data": null, "id": "å ö.1"}' | seed submission_json some
for form in data/forms/*/form.yaml; do
    seed form_yaml "$(basename "$(dirname "$form")")" < "$form"
done
printf '? : x' | seed form_yaml no-key
printf 'id: a\nversion: 1\ntitle: a\nblank: %s\n' "$(printf '%0300d' 0)" | seed form_yaml long-name
for text in 212000-0142 162120000142 +46701234567 '08-123 456 (0)' namn.efternamn@exempel.se \
    'Umeå kommun' 'l1I|O0'; do
    printf 'x%s' "$text" | seed field_rules "$(printf '%s' "$text" | cksum | cut -d' ' -f1)"
done
printf '%s' '{"words": [{"box": [1, 2, 3, 4], "text": "a", "size": 9, "bold": false}], ' \
    '"fields": [{"box": [1, 2, 3, 4], "value": "b"}], "scan_share": 0.5, ' \
    '"screen_ink": [{"box": [1, 2, 3, 4], "mm2": 3, "annotation": true}], ' \
    '"size": [595, 842], "damage": "picture_cut 50"}' | seed raster_answer page
printf '%s' '{"signatures": [{"signer": "a", "time": "2026-01-01T00:00:00Z", ' \
    '"validity": "changed", "kind": "signature"}], "attachments": 1}' | seed raster_answer document
printf '/inlamning/%%C3%%A4rende%%201/sida/1/1?q=a+b&sida=2' | seed web_request target
printf '%s\r\n' '--x' 'Content-Disposition: form-data; name="id"' '' 's 1' '--x' \
    'Content-Disposition: form-data; name="filer"; filename="a %22b.pdf"' \
    'Content-Type: application/pdf' '' '%PDF-1.4' '--x--' | seed web_request upload
rm -rf "$out"/seed.db*
"$build/avtalskoll" check data/samples/1-complete --store "$out/seed.db" --out "$out/seed-out" \
    > "$out/seed.log"
cp "$out/seed.db" "$out/seeds/store_import/one"

for target in "${targets[@]}"; do
    mkdir -p "$out/found/$target"
    log=$out/$target.log
    "$out/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$out/broken-$target-" "$out/found/$target" "$out/seeds/$target" \
        > "$log" 2>&1 || { tail -40 "$log"; exit 1; }
    units=$(grep -o 'number_of_executed_units: [0-9]*' "$log")
    echo "$target: $units, $(grep -o 'cov: [0-9]*' "$log" | tail -1)"
done
