"""Looking people of other servers up: by their handle, by their address, or by their key."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from topform.core.clock import Clock
from topform.features.community.federation.addresses import Place, RemoteAddressError
from topform.features.community.federation.documents import ACTIVITY_JSON, JRD_JSON, LD_JSON
from topform.features.community.federation.reading import RemoteActor, read_actor
from topform.features.community.federation.sending import PURPOSE
from topform.features.community.federation.signatures import Signer
from topform.providers.errors import ProviderError
from topform.providers.public_http import PublicHttp

PEOPLE_KINDS: Final = frozenset({ACTIVITY_JSON, LD_JSON})
FINGER_KINDS: Final = frozenset({JRD_JSON, "application/json"})


class Lookup:
    """Asks other servers, in the name of somebody here where they want to know who asks."""

    def __init__(self, place: Place, clock: Clock, signer: Signer | None) -> None:
        self._place, self._clock, self._signer = place, clock, signer

    async def person(self, name: str, host: str) -> RemoteActor:
        """Return whoever has a handle.

        Raises
        ------
        RemoteAddressError
            If there is nobody, or the other server does not say so as it should.
        """
        scheme = "http" if self._place.is_on_this_machine else "https"
        resource = quote(f"acct:{name}@{host}", safe="")
        try:
            async with self._http() as http:
                found = await http.get_json(
                    f"{scheme}://{host}/.well-known/webfinger?resource={resource}", kinds=FINGER_KINDS
                )
                address = _self_link(found)
                actor = None if address is None else await self._actor(http, address)
        except ProviderError as error:
            raise RemoteAddressError(
                f"Nobody was found as @{name}@{host}: {error.message}", remedy="Check the address, or try again later."
            ) from error
        if actor is None:
            raise RemoteAddressError(f"{host} says nothing of a person with the name {name}.")
        return actor

    async def owner_of(self, key_id: str) -> RemoteActor | None:
        """Return whose key it is; None when it is nobody's. Errors are those of any other service."""
        async with self._http() as http:
            document = await self._document(http, key_id.partition("#")[0])
            owner = document.get("owner")
            if "publicKey" not in document and isinstance(owner, str):
                if self._place.host_of(owner) != self._place.host_of(key_id):
                    return None
                document = await self._document(http, owner)
        actor = read_actor(document, self._place)
        return actor if actor is not None and actor.key_id == key_id else None

    async def _actor(self, http: PublicHttp, address: str) -> RemoteActor | None:
        actor = read_actor(await self._document(http, address), self._place)
        return actor if actor is not None and actor.address == address else None

    async def _document(self, http: PublicHttp, address: str) -> dict[str, Any]:
        headers = (
            None if self._signer is None else self._signer.headers("GET", address, content=None, now=self._clock.now())
        )
        return await http.get_json(address, kinds=PEOPLE_KINDS, headers=headers)

    def _http(self) -> PublicHttp:
        return PublicHttp(PURPOSE, on_this_machine=self._place.is_on_this_machine)


def _self_link(document: dict[str, Any]) -> str | None:
    links = document.get("links")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict) and link.get("rel") == "self":
            kind, address = str(link.get("type", "")).partition(";")[0].strip(), link.get("href")
            if kind in PEOPLE_KINDS and isinstance(address, str):
                return address
    return None
