#!/usr/bin/env bash
# Proves from inside what the network policies promise (R9): reading them does not. Ends with 1 where a promise is broken.
#   FORBIDDEN  addresses host:port that must not answer
#   ALLOWED    an address https://… that the proxy must let through
#   REFUSED    an address https://… that the proxy must refuse
#   HTTPS_PROXY  the proxy
set -u
broken=0
say() { printf '%s\n' "$*"; }

for address in $FORBIDDEN; do
  if timeout 3 bash -c ": < /dev/tcp/${address%:*}/${address##*:}" 2>/dev/null; then
    say "BROKEN: $address answers"
    broken=1
  else
    say "ok: $address does not answer"
  fi
done

# What the proxy itself answered to CONNECT; 000 is no answer at all.
answer() { curl --silent --output /dev/null --max-time 15 --proxy "$HTTPS_PROXY" --write-out '%{http_connect}' "$1" || true; }

allowed=$(answer "$ALLOWED")
if [ "$allowed" = 200 ]; then say "ok: $ALLOWED is let through"; else say "BROKEN: $ALLOWED got $allowed from the proxy"; broken=1; fi
refused=$(answer "$REFUSED")
if [ "$refused" = 403 ]; then say "ok: $REFUSED is refused"; else say "BROKEN: $REFUSED got $refused from the proxy"; broken=1; fi

exit $broken
