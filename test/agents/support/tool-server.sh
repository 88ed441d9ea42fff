# A tool server over standard input and output, by hand and without packages: how it fails is its first argument.
case $1 in
  silent) exec sleep 1000 ;;
  broken) printf '\033[31mno database\033[0m\n' >&2; exit 7 ;;
  flood) head -c 3000000 /dev/zero | tr '\0' x; exec sleep 1000 ;;
esac

tool() { printf '{"name":"%s","description":"It can %s.","inputSchema":%s}' "$1" "$1" "$2"; }
any='{"type":"object"}'
add=$(tool add '{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"}},"required":["a","b"]}')
long=$(printf 'n%.0s' {1..70})
case $1 in
  odd) tools="$add,$add,$(tool 'not a name' "$any"),$(tool "$long" "$any")" ;;
  *) tools=$add; for name in paint much picture fail environment peek die wait; do tools+=",$(tool "$name" "$any")"; done ;;
esac

says() { printf '{"content":[{"type":"text","text":"%s"}]}' "$1"; }
fails() { printf '{"isError":true,"content":[{"type":"text","text":"%s"}]}' "$1"; }
number() { [[ $line =~ \"$1\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"; }
plain() { tr -d '"\\' | tr '\0\n' '  '; }

call() {
  case $1 in
    add) says $(($(number a) + $(number b))) ;;
    paint) says '\u001b[31mred\u001b[0m\u0000!' ;;
    much) says "$(head -c 300000 /dev/zero | tr '\0' y)" ;;
    picture) echo '{"content":[{"type":"image","data":"aGk=","mimeType":"image/png"}]}' ;;
    fail) fails 'The shelf is empty.' ;;
    environment) says "$(env | plain)" ;;
    peek) if seen=$(plain <"/proc/$(number pid)/environ"); then says "$seen"; else fails 'It is not to be seen.'; fi ;;
  esac
}

echo 'This line is no message.'
while IFS= read -r line; do
  id=$(number id) || continue
  case $line in
    *'"method":"initialize"'*) result='{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"test","version":"1"}}' ;;
    *'"method":"tools/list"'*) result="{\"tools\":[$tools]}" ;;
    *'"name":"die"'*) exit 3 ;;
    *'"name":"wait"'*) continue ;;
    *) [[ $line =~ \"name\":\"([a-z]+)\" ]]; result=$(call "${BASH_REMATCH[1]}") ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
done
