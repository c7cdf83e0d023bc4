"""Does a broker answer, is it the right one, and does it take us? Asked before a Kafka client is.

kafka-python says "Unable to bootstrap" whatever is wrong, once its time is up, logs every try as an error and leaves
sockets behind. The probe goes the same way a client does, a step at a time, and says which step failed:

1. connect
2. TLS: the certificate's dates, its signer, its host name
3. log in, with SCRAM; without a user, ask whether it is a broker and whether it wants one
"""

from __future__ import annotations

import socket
import ssl

from contract import kafka_login
from contract.broker_access import CA_FILE, MECHANISM, PASSWORD_FILE, TLS, USERNAME, BrokerAccess
from contract.errors import BrokerAwayError, BrokerError, BrokerRefusedError

DEFAULT_PORT = 9092

_EXPIRED, _NOT_YET = {10}, {9}
_UNKNOWN_SIGNER = {18, 19, 20, 21}
_OTHER_HOST = {62, 64}
"""OpenSSL's X509_V_ERR numbers, which do not change; its texts do."""


def reach(bootstrap: str, access: BrokerAccess, timeout_s: float) -> list[str]:
    """Those of the addresses where a broker answers that takes us.

    ``bootstrap``: HOST:PORT, several with commas between; an IPv6 host in brackets. ``timeout_s``: for each step.
    Raises BrokerRefusedError or BrokerAwayError when there is none, in one line.
    """
    found: list[str] = []
    trouble: BrokerError | None = None
    for address in (each.strip() for each in bootstrap.split(",")):
        try:
            _knock(address, access, timeout_s)
        except BrokerRefusedError as error:
            trouble = error
        except BrokerAwayError as error:
            trouble = trouble or error
        else:
            found.append(address)
    if trouble is not None and not found:
        raise trouble
    return found


def away(bootstrap: str, why: str) -> BrokerAwayError:
    """The one wording for a broker that is not there."""
    return BrokerAwayError(
        f"no broker answers at {bootstrap} ({why}): check the address and that Kafka is running"
    )


def _knock(address: str, access: BrokerAccess, timeout_s: float) -> None:
    host, port = _parts(address)
    tls = access.tls_context() if access.tls else None
    try:
        with socket.create_connection((host, int(port)), timeout_s) as plain:
            if tls is None:
                kafka_login.hello(plain)
                return
            with tls.wrap_socket(plain, server_hostname=host) as secured:
                if access.username:
                    kafka_login.log_in(secured, access.username, access.password)
                elif kafka_login.wants_user(secured):
                    raise BrokerRefusedError(
                        f"the broker at {address} lets nobody in without a user: set {USERNAME} and {PASSWORD_FILE}"
                    )
    except BrokerError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise _certificate_trouble(address, access, error) from error
    except ssl.SSLError as error:
        why = f"TLS failed, {error.reason or error}; is this a port for TLS?"
        raise away(address, why) from error
    except kafka_login.NotKafkaError as error:
        hint = "" if access.tls else f"; a secured one wants {TLS}=on, or {USERNAME} and a password"
        raise away(address, f"something listens there, but {error}{hint}") from error
    except kafka_login.LoginRefusedError as error:
        raise BrokerRefusedError(
            f"the broker at {address} does not know {access.who} with this password: check {USERNAME} and "
            f"{PASSWORD_FILE}"
        ) from error
    except kafka_login.NoScramError as error:
        raise BrokerRefusedError(
            f"the broker at {address} takes no password by {MECHANISM} ({error}): set sasl.enabled.mechanisms on the "
            "broker, or use its other port"
        ) from error
    except (OSError, ValueError, OverflowError) as error:  # a port that is no number, or none there is
        raise away(address, str(getattr(error, "strerror", None) or error)) from error


def _certificate_trouble(
    address: str, access: BrokerAccess, error: ssl.SSLCertVerificationError
) -> BrokerRefusedError:
    shows = f"the broker at {address} shows a certificate"
    if error.verify_code in _EXPIRED:
        return BrokerRefusedError(
            f"{shows} that has expired: renew it on the broker, or set this machine's clock right"
        )
    if error.verify_code in _NOT_YET:
        return BrokerRefusedError(
            f"{shows} that is not valid yet: set the clock of this machine or of its maker right"
        )
    if error.verify_code in _UNKNOWN_SIGNER:
        trusted = f"no CA in {access.ca_file}" if access.ca_file else "no CA that this machine trusts"
        return BrokerRefusedError(
            f"{shows} that {trusted} has signed: name the file of the right CA in {CA_FILE}"
        )
    if error.verify_code in _OTHER_HOST:
        return BrokerRefusedError(
            f"{shows} for another host name: use the name that the certificate was made for, or make one for this name"
        )
    return BrokerRefusedError(f"{shows} that does not hold ({error.verify_message}): make a new one")


def _parts(address: str) -> tuple[str, str]:
    host, colon, port = address.rpartition(":")
    if not colon or "]" in port:  # no port: the last colon, if any, is inside an IPv6 host
        host, port = address, str(DEFAULT_PORT)
    return host.strip("[]"), port
