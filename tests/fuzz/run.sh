#!/usr/bin/env bash
# Builds the fuzz targets (clang's libFuzzer, address and undefined behaviour sanitizers) and runs each for some seconds.
# Usage: run.sh BUILD_DIR SECONDS_EACH
# What is parsed is compiled with the sanitizers; libraries come from the ordinary build. Seeds are made of the project's own files; what is
# found on the way is kept in BUILD_DIR/fuzz and used again. An input that breaks a target is written there and the run fails.
set -euo pipefail
build=$1
seconds=$2
here=$(dirname "$0")
out=$build/fuzz
mkdir -p "$out/seeds/submission_json" "$out/seeds/form_yaml" "$out/seeds/raster_answer" "$out/seeds/field_rules" "$out/seeds/store_import" "$out/seeds/web_request"

flags=(-std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I. "-I$build/generated" $(pkg-config --cflags icu-uc))
libraries=($(pkg-config --libs icu-uc icu-i18n libsodium sqlite3 yaml-cpp fmt) -lphonenumber -lSQLiteCpp -lPocoNet -lPocoFoundation)
compile() { # target, its sources
    local target=$1
    shift
    [ "$out/$target" -nt "$0" ] && [ -z "$(find "$here/$target.cpp" "$@" -newer "$out/$target")" ] && return
    clang++ "${flags[@]}" "$here/$target.cpp" "$@" "${libraries[@]}" -o "$out/$target"
}
models=(models/*.cpp)
rules=(rules/*.cpp)
compile submission_json pipeline/account.cpp pipeline/files/file_hash.cpp "${models[@]}" &
compile form_yaml pipeline/forms/form_registry.cpp "${models[@]}" &
wait
compile raster_answer ocr/document/raster_answer.cpp "${models[@]}" &
store=(app/store/sqlite_store.cpp app/store/sqlite_file.cpp app/store/store_migration.cpp app/store/earlier.cpp app/store/utc_time.cpp app/store/originals.cpp app/store/stored_json.cpp)
compile store_import "${store[@]}" pipeline/files/file_hash.cpp pipeline/files/file_kind.cpp pipeline/reports/report_csv.cpp pipeline/files/system_advice.cpp rules/organisation_number.cpp "${models[@]}" &
wait
compile web_request app/http/http.cpp app/http/multipart.cpp "${models[@]}" &
compile field_rules "${rules[@]}" "${models[@]}"
wait

printf '{"id": "s1", "personal_data": true, "organisation_number": "212000-1355"}' > "$out/seeds/submission_json/all"
printf '{"personal_data": null, "id": "å ö.1"}' > "$out/seeds/submission_json/some"
for form in data/forms/*/form.yaml; do cp "$form" "$out/seeds/form_yaml/$(basename "$(dirname "$form")")"; done
printf '? : x' > "$out/seeds/form_yaml/no-key"
for text in 212000-0142 162120000142 +46701234567 '08-123 456 (0)' namn.efternamn@exempel.se 'Umeå kommun' 'l1I|O0'; do printf 'x%s' "$text" > "$out/seeds/field_rules/$(printf '%s' "$text" | cksum | cut -d' ' -f1)"; done
printf '{"words": [{"box": [1, 2, 3, 4], "text": "a", "size": 9, "bold": false}], "fields": [{"box": [1, 2, 3, 4], "value": "b"}], "scan_share": 0.5, "screen_ink": [{"box": [1, 2, 3, 4], "mm2": 3, "annotation": true}], "size": [595, 842], "damage": "c"}' > "$out/seeds/raster_answer/page"
printf '{"signatures": [{"signer": "a", "time": "2026-01-01T00:00:00Z", "validity": "changed"}], "attachments": 1}' > "$out/seeds/raster_answer/document"
printf '/inlamning/%%C3%%A4rende%%201/sida/1/1?q=a+b&sida=2' > "$out/seeds/web_request/target"
printf -- '--x\r\nContent-Disposition: form-data; name="id"\r\n\r\ns 1\r\n--x\r\nContent-Disposition: form-data; name="filer"; filename="a %%22b.pdf"\r\nContent-Type: application/pdf\r\n\r\n%%PDF-1.4\r\n--x--\r\n' > "$out/seeds/web_request/upload"
rm -rf "$out"/seed.db*
"$build/avtalskoll" check data/samples/1-complete --store "$out/seed.db" --out "$out/seed-out" > "$out/seed.log"
cp "$out/seed.db" "$out/seeds/store_import/one"

for target in submission_json form_yaml raster_answer field_rules store_import web_request; do
    mkdir -p "$out/found/$target"
    "$out/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$out/broken-$target-" "$out/found/$target" "$out/seeds/$target" > "$out/$target.log" 2>&1 ||
        { tail -40 "$out/$target.log"; exit 1; }
    echo "$target: $(grep -o 'number_of_executed_units: [0-9]*' "$out/$target.log"), $(grep -o 'cov: [0-9]*' "$out/$target.log" | tail -1)"
done
