#!/usr/bin/env bash
# overlap.bash FOLDER LIMIT WEIGHT [SECONDS]: a CMD that is inside for a moment (0.01), and writes a line to FOLDER/overlap when
# those who are inside weigh more than LIMIT together. Each adds its weight to FOLDER/entered. One that is killed is outside: the
# lock on its file goes with it.
set -u
folder=$1 limit=$2 weight=$3

mkdir -p "$folder/inside"
own=$folder/inside/$$.$weight
exec 8>"$folder/mutex"
flock 8 # before the file is there: nobody may find it without its lock
exec 9>"$own"
flock 9
sum=0
for file in "$folder"/inside/*; do
  if [[ $file != "$own" ]] && flock -n "$file" true 8>&- 9>&-; then
    rm -f "$file"
  else
    sum=$((sum + ${file##*.}))
  fi
done
((sum <= limit)) || echo "$sum inside: $(ls "$folder/inside")" >>"$folder/overlap"
echo "$weight" >>"$folder/entered"
flock -u 8
sleep "${4:-0.01}" 8>&- 9>&-
rm -f "$own"
