#!/bin/sh
# Fetches a token from Wise and gives it to nginx. Run it at the start and every hour, from a timer:
#   WISE_URL=https://api.wise.com CREDENTIALS_FILE=/etc/wise/credentials RUN=/run/wise-nginx refresh-token.sh
# CREDENTIALS_FILE holds `user = "client-id:client-secret"`, each part form-encoded, and is readable by this user only: a secret on a
# command line can be read by every user of the machine.
set -eu
umask 077
answer=$(curl --silent --show-error --fail --max-time 10 --config "$CREDENTIALS_FILE" \
    --data grant_type=client_credentials "$WISE_URL/oauth/token")
token=$(printf '%s' "$answer" | sed -n 's/.*"access_token" *: *"\([A-Za-z0-9._~+\/=-]*\)".*/\1/p')
[ -n "$token" ] || { echo "refresh-token: the answer holds no token" >&2; exit 1; }
printf 'proxy_set_header Authorization "Bearer %s";\n' "$token" > "$RUN/token.conf.new"
mv "$RUN/token.conf.new" "$RUN/token.conf"
# Not there before the first start.
if [ -f "$RUN/nginx.pid" ]; then kill -HUP "$(cat "$RUN/nginx.pid")"; fi
