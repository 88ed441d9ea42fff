#!/bin/sh
# Refuses what GitHub refuses. REFUSED_REFS: refs whose rules ask for a pull request.
# MAY_PUSH_WORKFLOWS: empty when the token lacks the permission. DEFAULT_REF: what a new branch is compared with.
none=0000000000000000000000000000000000000000
while read -r old new ref; do
  for refused in $REFUSED_REFS; do
    if [ "$refused" = "$ref" ]; then
      echo "error: GH013: Repository rule violations found for $ref." >&2
      echo "- Changes must be made through a pull request." >&2
      exit 1
    fi
  done
  if [ -z "$MAY_PUSH_WORKFLOWS" ] && [ "$new" != "$none" ]; then
    [ "$old" = "$none" ] && old=$DEFAULT_REF
    changed=$(git diff --name-only "$old" "$new" -- .github/workflows | head -n 1)
    if [ -n "$changed" ]; then
      echo "refusing to allow a GitHub App to create or update workflow \`$changed\` without \`workflows\` permission" >&2
      exit 1
    fi
  fi
done
