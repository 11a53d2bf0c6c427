"""Which addresses a page may have: http(s), and no host inside: not this machine, not its network, not the cloud's metadata."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Mapping

import httpx

from kg_build.errors import FetchError

LOOPBACK = "KG_FETCH_LOOPBACK"
"""Environment variable that allows pages of this machine's own loopback address, for tests and local previews."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def checked(url: str) -> httpx.URL:
    """An address as http clients take it.

    Errors: FetchError for another scheme, no host, or a name and password in it.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError(f"{url[:200]}: no address ({error})") from None
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise FetchError(f"{url[:200]}: only http and https addresses are fetched")
    if parsed.userinfo:
        raise FetchError(f"{parsed.host}: addresses with a name or password in them are not fetched")
    return parsed


def public_address(host: str, port: int, environment: Mapping[str, str] = os.environ) -> str:
    """The IP address of a host, when all its addresses are public.

    Errors: FetchError for a private one; httpx.ConnectError when the name is not known.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"{host}: {error}") from None
    addresses = [ipaddress.ip_address(str(entry[4][0])) for entry in found]
    for one in addresses:
        if not is_public(one) and not (one.is_loopback and environment.get(LOOPBACK) == "1"):
            raise FetchError(f"{host}: {one} is a private address; pages are fetched from public ones only")
    return str(addresses[0])


def is_public(one: Address) -> bool:
    """Whether an address is one of the open net; one that carries an IPv4 address inside is judged by that.

    >>> [is_public(ipaddress.ip_address(text)) for text in ("1.1.1.1", "10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1")]
    [True, False, False, False]
    """
    inner = _inner(one) if isinstance(one, ipaddress.IPv6Address) else None
    if inner is not None:
        return is_public(inner)
    return one.is_global and not (one.is_multicast or one.is_reserved or one.is_unspecified)


def _inner(one: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if one in _NAT64:
        return ipaddress.IPv4Address(int(one) & 0xFFFFFFFF)
    return one.ipv4_mapped or one.sixtofour or (one.teredo[1] if one.teredo else None)


class PublicTransport(httpx.BaseTransport):
    """Connects to the very address that was checked: a name that means another one a moment later gains nothing."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the checked address of its host; the name stays in the Host header and in TLS."""
        url = request.url
        port = url.port or (443 if url.scheme == "https" else 80)
        request.extensions = {**request.extensions, "sni_hostname": url.host}
        request.url = url.copy_with(host=public_address(url.host, port))
        try:
            return self._inner.handle_request(request)
        finally:
            request.url = url

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
