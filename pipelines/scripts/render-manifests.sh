#!/usr/bin/env bash
# Renders one folder of k8s/ with the settings given on standard input, and prints the manifests.
# Usage: render-manifests.sh overlays/azure < settings ; each line NAME=VALUE, exactly the names of its settings.env.
# Both clouds use it: what is missing, unknown or still `unset` is refused, so nothing half-filled is ever applied.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

overlay="${1:?usage: render-manifests.sh FOLDER-OF-K8S}"
template="$REPOSITORY/k8s/$overlay/settings.env"
# Standard output is for the manifests alone.
say() { report_error "$1: $2" >&2; exit 1; }
[[ -f "$template" ]] || say INVALID_INPUT "k8s/$overlay has no settings.env. Use overlays/aws, overlays/azure or restore."

settings="$(cat)"
wanted="$(sed -n 's/^\([A-Za-z]*\)=.*$/\1/p' "$template" | sort)"
given="$(sed -n 's/^\([A-Za-z]*\)=.*$/\1/p' <<<"$settings" | sort)"
[[ "$wanted" == "$given" ]] ||
  say INVALID_INPUT "k8s/$overlay wants the settings $(tr '\n' ' ' <<<"$wanted")and got $(tr '\n' ' ' <<<"$given")."

# A copy, because kustomize reads settings.env from its own folder, and the repository must not change under a run.
copy="$(mktemp -d)"
trap 'rm -rf "$copy"' EXIT
cp -R "$REPOSITORY/k8s/." "$copy"
printf '%s\n' "$settings" >"$copy/$overlay/settings.env"
if command -v kustomize >/dev/null; then
  rendered="$(kustomize build "$copy/$overlay")"
else
  rendered="$(kubectl kustomize "$copy/$overlay")"
fi

if grep -q 'unset' <<<"$rendered"; then
  say INVALID_INPUT "k8s/$overlay still has 'unset' in: $(grep -m 1 'unset' <<<"$rendered" | sed 's/^ *//'). Give the setting, or set the image (k8s/README.md, 'The images')."
fi
if grep -q 'sha256:0\{64\}' <<<"$rendered"; then
  say INVALID_INPUT "an image has no digest yet: $(grep -m 1 'sha256:0\{64\}' <<<"$rendered" | sed 's/^ *//'). Set newName and digest where k8s/README.md, 'The images', says."
fi
printf '%s\n' "$rendered"
