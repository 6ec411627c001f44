#!/usr/bin/env bash
# Unpacks the typefaces of fonts.txt into a folder of their own, so that they change nothing for
# other programs of the machine, and lists the families that can set Swedish.
#
#     fonts.sh FOLDER      writes FOLDER/fonts.conf (for FONTCONFIG_FILE) and FOLDER/families.txt
set -euo pipefail
list=$(cd "$(dirname "$0")" && pwd)/fonts.txt
mkdir -p "$1/debs" "$1/fonts"
folder=$(cd "$1" && pwd)
cd "$folder/debs"
for package in $(grep -v '^#' "$list"); do
    compgen -G "${package}_*.deb" > /dev/null || apt-get download -qq "$package" ||
        echo "fonts.sh: $package: not to be had, left out" >&2
done
for deb in *.deb; do dpkg -x "$deb" "$folder/fonts"; done
cat > "$folder/fonts.conf" << CONF
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>$folder/fonts/usr/share/fonts</dir>
  <cachedir>$folder/cache</cachedir>
</fontconfig>
CONF
# Only upright text faces: a family that sets every letter of Swedish, and no collection of symbols.
FONTCONFIG_FILE="$folder/fonts.conf" fc-list ':lang=sv' family scalable |
    grep 'scalable=True' | sed 's/:.*//; s/,.*//' | sort -u |
    grep -viE 'script|symbol|math|emoji|music|display|brush|initials|outline|ornament|dingbat|chancery|phon[eé]t|keyboard|keyfont|small ?caps|titling|^D05|^Z00|ellhn|babel|isome|^sans$' \
    > "$folder/families.txt"
wc -l < "$folder/families.txt"
