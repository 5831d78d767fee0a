#!/usr/bin/env bash
# Tells the group that this machine is sick: it is ended, and another begins. Nothing on it is worth keeping.
set -euo pipefail

settings="${PILOTLIGHT_SETTINGS:-/etc/pilotlight/settings}"
metadata="${PILOTLIGHT_METADATA:-http://169.254.169.254}"
# shellcheck source=/dev/null
source "$settings"

token="$(curl --fail --silent --max-time 5 --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/latest/api/token")"
instance="$(curl --fail --silent --max-time 5 --header "X-aws-ec2-metadata-token: $token" "$metadata/latest/meta-data/instance-id")"
aws autoscaling set-instance-health --region "$REGION" --instance-id "$instance" --health-status Unhealthy --no-should-respect-grace-period
