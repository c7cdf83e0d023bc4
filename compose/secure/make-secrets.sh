#!/usr/bin/env bash
# Makes what the secured broker needs, into compose/secure/secrets/ or the folder given as the second word:
#
#     compose/secure/make-secrets.sh broker.example.org
#
# HOST is the name by which devices reach the broker. Run again with the same or another name, it makes a new broker
# certificate from the same CA, and leaves the passwords as they are.
#
#     ca.pem              what devices and ingest check the broker's certificate against; may be given to anybody
#     ca.key              signs certificates; the broker does not need it, so keep it elsewhere
#     broker.pem          the broker's key and certificate
#     USER.password       one for each of admin, device and ingest
#     users.args          the three users, for `kafka-storage.sh format`
set -euo pipefail

host=${1:?usage: $0 HOST [FOLDER]}
folder=${2:-$(dirname "$0")/secrets}
days=${CERTIFICATE_DAYS:-397}
case "$host" in
    *[!A-Za-z0-9.:-]*) echo "$0: not a host name or address: $host" >&2; exit 2 ;;
    *[!0-9.]*:* | *:*) name="IP:$host" ;;
    *[!0-9.]*) name="DNS:$host" ;;
    *) name="IP:$host" ;;
esac

# The folder keeps others out; the files are readable, since each container reads them under an account of its own.
umask 077
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }

if [ ! -f ca.key ]; then
    key ca.key
    openssl req -x509 -new -key ca.key -out ca.pem -days 3650 -subj "/CN=Houselights CA" \
        -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign
fi

key broker.key
openssl req -new -key broker.key -subj /CN=broker -out broker.csr
openssl x509 -req -in broker.csr -CA ca.pem -CAkey ca.key -days "$days" -out broker.crt -extfile <(
    echo "subjectAltName=$name,DNS:kafka,DNS:localhost"
    echo "basicConstraints=critical,CA:FALSE"
    echo "keyUsage=critical,digitalSignature"
    echo "extendedKeyUsage=serverAuth,clientAuth" # a client only of itself: broker and controller are one process
) 2>/dev/null
cat broker.key broker.crt ca.pem >broker.pem
rm broker.key broker.csr broker.crt

if [ ! -f users.args ]; then
    # One argument a line: the format tool reads them from the file, so no password stands in a process list.
    {
        echo "--cluster-id"
        openssl rand 16 | basenc --base64url | tr -d =
    } >users.args
    for user in admin device ingest; do
        password=$(openssl rand -hex 24)
        printf '%s\n' "$password" >"$user.password"
        printf -- '--add-scram\nSCRAM-SHA-512=[name=%s,password=%s]\n' "$user" "$password" >>users.args
    done
fi
chmod 444 ca.pem broker.pem users.args ./*.password
