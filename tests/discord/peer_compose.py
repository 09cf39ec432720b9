"""How a body becomes a message: rules for content, flags, files and components, applied or refused whole.

Discord API docs, Message resource, Create Message and Edit Message. Nothing here changes a message.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field

from . import peer_rules as rules
from .peer_model import Attachment, Cdn, Channel, Message, Snowflakes
from .peer_rules import COMPONENTS_V2, EPHEMERAL, LOADING, ApiError, Json, Upload, invalid


@dataclass(slots=True)
class Draft:
    """What a message will be after a body is applied; built first, committed only when all of it is legal."""

    content: str
    embeds: list[Json]
    components: list[Json]
    attachments: list[Attachment]
    flags: int
    added: list[Attachment] = field(default_factory=list)


class Composer:
    """Drafts for one world; `limit` is the bytes that one file may have in a channel."""

    def __init__(self, ids: Snowflakes, cdn: Cdn, limit: Callable[[Channel], int]) -> None:
        self._ids, self._cdn, self._limit = ids, cdn, limit

    def draft(
        self, old: Message | None, body: Json, uploads: list[Upload], channel: Channel, allowed_flags: int
    ) -> Draft:
        """The message that `body` asks for (Discord API docs, Message resource, Create and Edit Message)."""
        limit = self._limit(channel)
        if any(len(upload.data) > limit for upload in uploads):
            raise ApiError(413, 40005, "Request entity too large")
        rules.check_text(body)
        flags = self._flags(old, body, allowed_flags)
        content = old.content if old else ""
        content = (body["content"] or "") if "content" in body else content
        embeds = (body["embeds"] or []) if "embeds" in body else (old.embeds if old else [])
        v2 = bool(flags & COMPONENTS_V2)
        if v2:
            for key, value in (("content", content), ("embeds", embeds)):
                if value:
                    raise invalid(
                        key,
                        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                        f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                    )
        attachments, added = self._attachments(old, body, uploads, channel)
        components = copy.deepcopy(
            (body["components"] or []) if "components" in body else (old.components if old else [])
        )
        rules.check_components(components, v2=v2)
        self._resolve_media(components, embeds, attachments)
        if not (content or embeds or components or attachments):
            raise ApiError(400, 50006, "Cannot send an empty message")
        return Draft(content, embeds, components, attachments, flags, added)

    def _flags(self, old: Message | None, body: Json, allowed: int) -> int:
        asked = int(body.get("flags") or 0)
        if old is None:
            if asked & ~allowed:
                raise invalid("flags", "BASE_TYPE_INVALID", f"Flags {asked & ~allowed:#x} cannot be set here.")
            return asked
        if "flags" not in body:
            return old.flags & ~LOADING
        if old.flags & COMPONENTS_V2 and not asked & COMPONENTS_V2:
            raise invalid("flags", "MESSAGE_COMPONENTS_V2_FLAG_REMOVED", "IS_COMPONENTS_V2 cannot be removed.")
        settable = COMPONENTS_V2 | rules.SUPPRESS_EMBEDS
        return (old.flags & ~LOADING & ~settable) | (asked & settable)

    def _attachments(
        self, old: Message | None, body: Json, uploads: list[Upload], channel: Channel
    ) -> tuple[list[Attachment], list[Attachment]]:
        """Omitted keeps, a listed id keeps, an unlisted one goes, a `files[n]` named by its n is added.

        Discord API docs, Message resource, Edit Message ("the attachments array must contain all attachments
        that should be present after edit").
        """
        kept = list(old.attachments) if old else []
        ephemeral = bool(old and old.ephemeral) or bool(int(body.get("flags") or 0) & EPHEMERAL)
        by_index = {upload.index: upload for upload in uploads}
        if body.get("attachments") is None and "attachments" not in body:
            listed: list[Json] = [{"id": str(item.id)} for item in kept]
            listed += [{"id": str(upload.index)} for upload in uploads]
        else:
            listed = body["attachments"] or []
            unlisted = set(by_index) - {int(entry["id"]) for entry in listed if "id" in entry}
            if unlisted:
                raise rules.NotImplementedByPeer(f"files {sorted(unlisted)} that 'attachments' does not list")
        known = {item.id: item for item in kept}
        final: list[Attachment] = []
        added: list[Attachment] = []
        for number, entry in enumerate(listed):
            entry_id = int(entry["id"])
            if entry_id in known:
                final.append(known[entry_id])
                continue
            upload = by_index.get(entry_id)
            if upload is None:
                raise invalid(f"attachments.{number}.id", "ATTACHMENT_NOT_FOUND", "Neither an upload nor kept.")
            if entry.get("description") is not None:
                rules.require_length(f"attachments.{number}.description", entry["description"], 0, 1024)
            fresh = Attachment(
                self._ids.next(),
                channel.id,
                rules.safe_filename(entry.get("filename") or upload.filename),
                upload.content_type,
                upload.data,
                entry.get("description"),
                ephemeral,
            )
            added.append(fresh)
            final.append(fresh)
        if len(final) > rules.ATTACHMENT_LIMIT:
            raise ApiError(400, 30015, "Maximum number of attachments in a message reached (10)")
        return final, added

    def _resolve_media(self, components: list[Json], embeds: list[Json], attachments: list[Attachment]) -> None:
        """Turns `attachment://name` into the stored file and numbers the components."""
        names = {item.filename: item for item in attachments}
        taken = {component["id"] for _, component in rules.walk(components) if component.get("id")}
        number = 0
        for path, component in rules.walk(components):
            if not component.get("id"):
                number += 1
                while number in taken:
                    number += 1
                component["id"] = number
            for key, media in rules.media_of(component):
                url: str = media["url"]
                item = names.get(url.removeprefix("attachment://"))
                stale = media.get("attachment_id")
                if url.startswith("attachment://") and item is None:
                    raise invalid(f"{path}.{key}.url", "ATTACHMENT_NOT_FOUND", f"{url} is not an attachment.")
                if item is None and url.startswith(f"{self._cdn.base_url}/attachments/"):
                    file_id = url.split("?")[0].rsplit("/", 2)[-2]
                    item = next((one for one in attachments if str(one.id) == file_id), None)
                    if item is None and stale is not None:
                        raise invalid(f"{path}.{key}.url", "ATTACHMENT_NOT_FOUND", "Its attachment was removed.")
                if item is not None:
                    signed = self._cdn.sign(item)
                    media |= {
                        "url": signed,
                        "proxy_url": signed,
                        "attachment_id": str(item.id),
                        "content_type": item.content_type,
                    }
                media |= {"loading_state": 2, "width": None, "height": None, "flags": 0}
        for index, embed in enumerate(embeds):
            for key in ("image", "thumbnail"):
                url = (embed.get(key) or {}).get("url", "")
                if url.startswith("attachment://") and url.removeprefix("attachment://") not in names:
                    raise invalid(f"embeds.{index}.{key}.url", "ATTACHMENT_NOT_FOUND", f"{url} not attached.")
