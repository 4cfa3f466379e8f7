"""What this server says to others: people, posts and activities as documents of ActivityPub."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Any, Final

from topform import __version__
from topform.features.community.federation.addresses import Place
from topform.features.community.federation_tables import ActorRow, AnnouncedPostRow
from topform.features.community.publishing.service import item_of
from topform.features.community.publishing.words import Reader
from topform.features.community.tables import PersonRow, PostRow

STREAMS: Final = "https://www.w3.org/ns/activitystreams"
SECURITY: Final = "https://w3id.org/security/v1"
PUBLIC: Final = f"{STREAMS}#Public"
ACTIVITY_JSON: Final = "application/activity+json"
LD_JSON: Final = "application/ld+json"
JRD_JSON: Final = "application/jrd+json"
ACTOR_CONTEXT: Final = [
    STREAMS,
    SECURITY,
    {
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "discoverable": {"@id": "http://joinmastodon.org/ns#discoverable"},
    },
]
NODEINFO: Final = "http://nodeinfo.diaspora.software/ns/schema/2.1"
SOFTWARE: Final = "topform"

Document = dict[str, Any]


def moment(at: datetime) -> str:
    """Return a moment as other servers read it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def key_of(actor_address: str) -> str:
    """Return the address of an actor's key."""
    return f"{actor_address}#main-key"


def actor_document(actor: ActorRow, person: PersonRow, place: Place) -> Document:
    """Return a person of this server: handle, name and key, and nothing else."""
    return {
        "@context": ACTOR_CONTEXT,
        "id": actor.address,
        "type": "Person",
        "preferredUsername": person.handle,
        "name": person.name,
        "url": f"{place.base}/community/people/{person.handle}",
        "inbox": f"{actor.address}/inbox",
        "outbox": f"{actor.address}/outbox",
        "followers": f"{actor.address}/followers",
        "manuallyApprovesFollowers": True,
        "discoverable": False,
        "published": moment(actor.created_at),
        "publicKey": {"id": key_of(actor.address), "owner": actor.address, "publicKeyPem": actor.public_key},
    }


def webfinger_document(actor: ActorRow, person: PersonRow, place: Place) -> Document:
    """Return where the person of a handle is found (RFC 7033)."""
    page = f"{place.base}/community/people/{person.handle}"
    return {
        "subject": f"acct:{person.handle}@{place.host}",
        "aliases": [actor.address],
        "links": [
            {"rel": "self", "type": ACTIVITY_JSON, "href": actor.address},
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": page},
        ],
    }


def note_document(actor: ActorRow, note: AnnouncedPostRow, post: PostRow, reader: Reader, place: Place) -> Document:
    """Return a post in the author's words: what its feed item says, with the headline above; nothing is markup."""
    item = item_of(post, reader, address=place.base)
    document = {
        "id": place.note(note.id),
        "type": "Note",
        "attributedTo": actor.address,
        "to": [PUBLIC],
        "cc": [f"{actor.address}/followers"],
        "published": moment(post.created_at),
        "url": item.address,
        "content": f"<p>{html.escape(item.title)}</p>{item.html}",
        "sensitive": False,
    }
    return document if post.edited_at is None else {**document, "updated": moment(post.edited_at)}


def about_note(kind: str, note: Document, *, at: datetime) -> Document:
    """Return the activity that makes a note known, or tells of its change."""
    name = "create" if kind == "Create" else f"updates/{at.timestamp():.6f}"
    return activity(
        kind,
        note["attributedTo"],
        note,
        address=f"{note['id']}#{name}",
        extra={"to": note["to"], "cc": note["cc"], "published": note["published"]},
    )


def activity(
    kind: str, actor_address: str, thing: str | Document, *, address: str, extra: Document | None = None
) -> Document:
    """Return what somebody did with something."""
    return {
        "@context": STREAMS,
        "id": address,
        "type": kind,
        "actor": actor_address,
        **(extra or {}),
        "object": thing,
    }


def gone_note(actor_address: str, note_address: str) -> Document:
    """Return the activity that has a note deleted."""
    return activity(
        "Delete",
        actor_address,
        {"id": note_address, "type": "Tombstone"},
        address=f"{note_address}#delete",
        extra={"to": [PUBLIC]},
    )


def gone_actor(actor_address: str) -> Document:
    """Return the activity that has a person deleted, with all that is known of them."""
    return activity("Delete", actor_address, actor_address, address=f"{actor_address}#delete", extra={"to": [PUBLIC]})


def collection(address: str, *, total: int, first: str | None = None) -> Document:
    """Return a collection of which only the number is told, and where its pages begin if it has any."""
    document: Document = {"@context": STREAMS, "id": address, "type": "OrderedCollection", "totalItems": total}
    return document if first is None else {**document, "first": first}


def collection_page(address: str, page: str, items: list[Document], *, following: str | None) -> Document:
    """Return a page of a collection, newest first."""
    document: Document = {
        "@context": STREAMS,
        "id": page,
        "type": "OrderedCollectionPage",
        "partOf": address,
        "orderedItems": items,
    }
    return document if following is None else {**document, "next": following}


def nodeinfo_document(*, is_open: bool) -> Document:
    """Return what this server is; how many people it has is nobody's business."""
    return {
        "version": "2.1",
        "software": {"name": SOFTWARE, "version": __version__},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": is_open,
        "usage": {"users": {}},
        "metadata": {},
    }
