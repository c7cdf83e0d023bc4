#!/usr/bin/env bash
# Makes what the secured broker needs, into compose/secure/secrets/ or the folder given as the second word:
#
#     compose/secure/make-secrets.sh broker.example.org
#
# HOST is the name or address by which devices reach the broker. Run again, with the same or another, it makes a new
# broker certificate from the same CA, and leaves the passwords as they are.
#
#     ca.pem           what devices and ingest check the broker's certificate against; may be given to anybody
#     ca.key           signs certificates; the broker does without it, so keep it elsewhere
#     broker.pem       the broker's key and certificate, for CERTIFICATE_DAYS days (397)
#     USER.password    of each user: admin, device, ingest
#     users.args       the users, for `kafka-storage.sh format`
set -euo pipefail

host=${1:?usage: $0 HOST [FOLDER]}
folder=${2:-$(dirname "$0")/secrets}
days=${CERTIFICATE_DAYS:-397}
case "$host" in
    *[!A-Za-z0-9.:-]*) echo "$0: this is no host name and no address: $host" >&2; exit 2 ;;
    *:* | [0-9]*.[0-9]*.[0-9]*.[0-9]*) name="IP:$host" ;;
    *) name="DNS:$host" ;;
esac

# The folder keeps other users out; the files are readable, since each container reads them under its own account.
umask 077
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

quietly() { # openssl tells on standard error what it does, too
    local said
    said=$(openssl "$@" 2>&1) || { printf 'openssl %s failed:\n%s\n' "$1" "$said" >&2; return 1; }
}

if [ ! -f ca.key ]; then
    quietly req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 3650 \
        -subj "/CN=Houselights CA" -addext keyUsage=critical,keyCertSign,cRLSign
fi

quietly req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout broker.key -out broker.csr -subj /CN=broker
cat >broker.ext <<EXTENSIONS
subjectAltName=$name,DNS:kafka,DNS:localhost
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
# A client only of itself: broker and controller are one process.
extendedKeyUsage=serverAuth,clientAuth
EXTENSIONS
quietly x509 -req -in broker.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days "$days" -extfile broker.ext -out broker.crt
rm -f broker.pem
cat broker.key broker.crt ca.pem >broker.pem
rm broker.key broker.csr broker.ext broker.crt

if [ ! -f users.args ]; then
    # One argument a line: the format tool reads them from the file, so no password stands in a process list.
    printf -- '--cluster-id=%s\n' "$(openssl rand -base64 16 | tr '+/' '-_' | tr -d =)" >users.new
    for user in admin device ingest; do
        password=$(openssl rand -hex 24)
        printf '%s\n' "$password" >"$user.password"
        printf -- '--add-scram\nSCRAM-SHA-512=[name=%s,password=%s]\n' "$user" "$password" >>users.new
    done
    mv users.new users.args
fi
chmod 444 ca.pem broker.pem users.args ./*.password
echo "made for $host, in $(pwd)"
