#!/bin/bash
# Remakes every sample file of the Lemon Pier, in the folder above this one.
# Made for Debian 12; run it as root, or with the packages already installed.
# shellcheck disable=SC2086  # lists of words are split on purpose
set -euo pipefail
cd "$(dirname "$0")"
src=$PWD media=$(dirname "$PWD") w=$(mktemp -d)
trap 'rm -rf "$w"' EXIT

packages="ffmpeg libavcodec-extra webp flite libjpeg-turbo-progs optipng fonts-lobster
  fonts-crosextra-carlito libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui
  python3 python3-cairo python3-numpy python3-pil python3-docx python3-openpyxl"
if [ "$(id -u)" = 0 ]; then
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages
fi

draw() { /usr/bin/python3 "$src/draw.py" "$@"; }
ff() { ffmpeg -hide_banner -loglevel error -y "$@"; }
office() { soffice -env:UserInstallation=file://"$w/profile" --headless --convert-to "$1" --outdir "$2" "$3" >/dev/null 2>&1; }
cd "$media"
folders="campaigns logos prices stickers invoices voice catalogue"
rm -rf $folders
mkdir -p $folders "$w/wave"

# pictures
for p in poster cafe logo banner cover menu find thanks; do draw still $p "$w/$p.png"; done
jpeg() { ff -i "$1" -f image2pipe -c:v ppm - | cjpeg -quality "$2" -sample 2x2 -optimize -progressive -outfile "$3"; }
jpeg "$w/poster.png" 86 campaigns/summer.jpg
jpeg "$w/cafe.png" 84 "catalogue/Crème brûlée & café.jpg"
optipng -quiet -o5 -strip all -out logos/logo.png "$w/logo.png"
cwebp -quiet -q 88 -alpha_q 95 -m 6 "$w/thanks.png" -o stickers/thanks.webp
draw frames wave "$w/wave"
img2webp -loop 0 -min_size -lossy -q 58 -m 6 -d 83 "$w"/wave/*.png -o stickers/wave.webp

# films
/usr/bin/python3 "$src/sound.py" "$w"
bt709="scale=out_color_matrix=bt709:out_range=tv"
tags="-pix_fmt yuv420p -color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv"
draw frames film | ff -f rawvideo -pix_fmt bgra -s 640x360 -r 24 -i - -i "$w/summer.wav" -vf $bt709 $tags \
  -c:v libx264 -profile:v main -level 3.0 -bf 0 -preset veryslow -crf 25 -maxrate 700k -bufsize 1400k -aq-mode 3 \
  -c:a aac -profile:a aac_low -b:a 64k -metadata title="Summer at the Lemon Pier" -movflags +faststart campaigns/summer.mp4
draw frames teaser | ff -f rawvideo -pix_fmt bgra -s 320x240 -r 15 -i - -i "$w/teaser.wav" -vf $bt709 $tags \
  -c:v libx264 -profile:v baseline -level 1.3 -preset veryslow -crf 29 \
  -c:a aac -profile:a aac_low -ac 1 -b:a 32k -movflags +faststart -brand 3gp6 campaigns/teaser.3gp

# voice
flite -voice slt -t "Thank you for your order! Your lemonade is on its way." -o "$w/voice.wav"
ff -i "$w/jingle.wav" -i "$w/voice.wav" -filter_complex "[0]aformat=channel_layouts=mono,volume=0.5[a];
  [1]aresample=44100,adelay=650,volume=1.3[b];[a][b]amix=inputs=2:duration=longest:normalize=0,alimiter=limit=0.9:level=0,apad=pad_dur=0.15" \
  -ar 44100 -ac 1 "$w/greeting.wav"
voice() { ff -i "$w/greeting.wav" -ac 1 -metadata title="Thank you for your order" "$@"; }
voice -c:a libopus -b:a 32k -application voip voice/greeting.ogg
voice -c:a libmp3lame -b:a 56k voice/greeting.mp3
voice -c:a aac -profile:a aac_low -b:a 48k -movflags +faststart -brand "M4A " voice/greeting.m4a
voice -c:a aac -profile:a aac_low -b:a 48k -f adts voice/greeting.aac
voice -c:a libopencore_amrnb -ar 8000 -b:a 12.2k voice/greeting.amr

# documents
/usr/bin/python3 "$src/office.py" "$w"
office xlsx prices "$w/price-list.xlsx"
office pdf prices prices/price-list.xlsx
office pdf invoices "$w/invoice-0042.docx"
office pptx catalogue "$w/lookbook.fodp"
cp "$w/terms.docx" invoices/terms.docx
cat > catalogue/opening-hours.txt <<'TXT'
The Lemon Pier – opening hours, summer season

Monday to Friday    10:00 – 20:00
Saturday, Sunday     9:00 – sunset
Rainy days          closed, the café stays open until 18:00

Crème brûlée from Thursday on, as long as there is some.
1 Pier Road, Saltmere  ☀  hello@lemonpier.example
TXT
ls prices/*.pdf invoices/*.pdf catalogue/*.pptx  # the office programme fails quietly
