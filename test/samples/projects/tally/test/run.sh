# Every promise of tally; ends with 1 where one is broken.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

check() {
  if [ "$2" = "$3" ]; then
    echo "ok $1"
  else
    echo "not ok $1: wanted $2, got $3"
    failed=1
  fi
}

tab=$(printf '\t')
printf 'tea\ncoffee\ntea\n' > "$work/cups"
check "the most frequent comes first" "2${tab}tea
1${tab}coffee" "$(sh "$here/../bin/tally" "$work/cups")"
sh "$here/../bin/tally" > "$work/out" 2>&1
check "without a file it says how it is used" "2" "$?"
exit $failed
