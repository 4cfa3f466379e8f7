"""A person's public posts as RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1; the three say the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Any, Final

from lxml import etree

from topform.formats.activities_out.words import plain_text

ATOM: Final = "http://www.w3.org/2005/Atom"
DC: Final = "http://purl.org/dc/elements/1.1/"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
JSON_FEED: Final = "https://jsonfeed.org/version/1.1"


class FeedForm(StrEnum):
    """Forms in which public posts can be subscribed to."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


MEDIA_TYPES: Final = {
    FeedForm.RSS: "application/rss+xml; charset=utf-8",
    FeedForm.ATOM: "application/atom+xml; charset=utf-8",
    FeedForm.JSON: "application/feed+json; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A post as a feed shows it."""

    id: str
    address: str
    title: str
    html: str
    text: str
    snapshot: dict[str, Any]
    published_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A person's public posts, newest first."""

    id: str
    title: str
    about: str
    author: str
    language: str
    home: str
    address: str
    changed_at: datetime
    items: Sequence[Item]


def written(feed: Feed, form: FeedForm) -> bytes:
    """Return the document."""
    match form:
        case FeedForm.RSS:
            return _rss(feed)
        case FeedForm.ATOM:
            return _atom(feed)
        case FeedForm.JSON:
            return _json(feed)


def _rss(feed: Feed) -> bytes:
    root = etree.Element("rss", nsmap={"atom": ATOM, "dc": DC}, attrib={"version": "2.0"})
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.home)
    _add(channel, "description", feed.about)
    _add(channel, "language", feed.language)
    _add(channel, "lastBuildDate", _rfc_822(feed.changed_at))
    link = {"rel": "self", "href": feed.address, "type": "application/rss+xml"}
    etree.SubElement(channel, f"{{{ATOM}}}link", attrib=link)
    for item in feed.items:
        one = etree.SubElement(channel, "item")
        _add(one, "title", item.title)
        _add(one, "link", item.address)
        _add(one, "guid", item.id).set("isPermaLink", "false")
        _add(one, "pubDate", _rfc_822(item.published_at))
        _add(one, f"{{{DC}}}creator", feed.author)
        _add(one, "description", item.html)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _atom(feed: Feed) -> bytes:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM}, attrib={XML_LANG: feed.language})  # type: ignore[dict-item]
    _add_atom(root, "id", feed.id)
    _add_atom(root, "title", feed.title)
    _add_atom(root, "subtitle", feed.about)
    _add_atom(root, "updated", feed.changed_at.isoformat())
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    _add_atom(author, "name", feed.author)
    _add_atom(author, "uri", feed.home)
    for relation, address, kind in (
        ("self", feed.address, "application/atom+xml"),
        ("alternate", feed.home, "text/html"),
    ):
        attributes = {"rel": relation, "href": address, "type": kind}
        etree.SubElement(root, f"{{{ATOM}}}link", attrib=attributes)
    for item in feed.items:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        _add_atom(entry, "id", item.id)
        _add_atom(entry, "title", item.title)
        _add_atom(entry, "published", item.published_at.isoformat())
        _add_atom(entry, "updated", item.changed_at.isoformat())
        attributes = {"rel": "alternate", "href": item.address, "type": "text/html"}
        etree.SubElement(entry, f"{{{ATOM}}}link", attrib=attributes)
        _add_atom(entry, "content", item.html).set("type", "html")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _json(feed: Feed) -> bytes:
    authors = [{"name": feed.author, "url": feed.home}]
    document = {
        "version": JSON_FEED,
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "language": feed.language,
        "authors": authors,
        "items": [
            {
                "id": item.id,
                "url": item.address,
                "title": item.title,
                "content_html": item.html,
                "content_text": item.text,
                "date_published": item.published_at.isoformat(),
                "date_modified": item.changed_at.isoformat(),
                "_topform": {"about": feed.home, **item.snapshot},
            }
            for item in feed.items
        ],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, name)
    element.text = plain_text(text)
    return element


def _add_atom(parent: etree._Element, name: str, text: str) -> etree._Element:
    return _add(parent, f"{{{ATOM}}}{name}", text)


def _rfc_822(moment: datetime) -> str:
    return format_datetime(moment)
