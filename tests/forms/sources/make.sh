#!/usr/bin/env bash
# Makes the blanks again and registers them: two versions of a delivery agreement (Chromium, flat)
# and a maintenance agreement (LaTeX, fillable). Needs chromium and pdflatex, which the project
# itself does not need; the finished blanks are part of the project.
# Usage: make.sh AVTALSKOLL OUT
set -euo pipefail
avtalskoll=$(realpath "$1")
out=$(realpath -m "$2")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

delivery() { # version, paragraph 3
    sed "s|VERSION|$1|g; s|PARAGRAPH3|$2|" "$here/leveransavtal.html" > blank.html
    chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer \
        --print-to-pdf=blank.pdf blank.html 2> /dev/null
    "$avtalskoll" form import blank.pdf --id leveransavtal --version "$1" --out "$out"
}
quarterly="Leverans sker minst en gång i kvartalet. Mottagaren meddelar senast två veckor i förväg \
om en leverans behöver flyttas, och parterna bestämmer då tillsammans en ny dag."
continuous="Leverans sker löpande, och alltid inom tio arbetsdagar efter en ändring. Mottagaren \
läser in uppgifterna varje natt och meddelar Leverantören vilka poster som inte kunde tas emot."
delivery 1.0 "$quarterly"
delivery 1.1 "$continuous"

cp "$here/forvaltningsavtal.tex" blank.tex
pdflatex -interaction=batchmode blank.tex > /dev/null
pdflatex -interaction=batchmode blank.tex > /dev/null
"$avtalskoll" form import blank.pdf --id forvaltningsavtal --version 3 --out "$out"
