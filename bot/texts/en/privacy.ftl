# /privacy.

privacy-description = What I store about you: get a copy, or delete it.
privacy-export-description = Get all that I store about you in one file.
privacy-delete-description = Delete all that I store about you.

privacy-exported = This is all that I store about you, with { $clips ->
    [0] no clips
    [one] { $clips } clip
   *[other] { $clips } clips
}.
privacy-left-out = { $files ->
    [one] { $files } older file (a clip or a picture) is not in it: all together would be
   *[other] { $files } older files (clips or pictures) are not in it: all together would be
} larger than Discord takes here. /history has your clips.

privacy-question =
    ### Delete everything?
    I delete your { $clips ->
        [0] pictures
        [one] { $clips } clip, pictures
       *[other] { $clips } clips, pictures
    }, history and settings, and cancel { $unfinished ->
        [0] what is on its way (nothing at present)
        [one] { $unfinished } clip on its way
       *[other] { $unfinished } clips on their way
    }. This cannot be undone.
privacy-what-stays = **What stays:** how many clips you used today, without your name and until midnight UTC; blocks and limits that a server's moderators set for you; clips that others made from yours.
privacy-your-messages = **Your messages:** { $messages ->
        [0] there are none of yours in channels.
        [one] one with a clip of yours stands in a channel.
       *[other] { $messages } with clips of yours stand in channels.
    } Afterwards I no longer know which were yours, and only moderators can remove them.
privacy-delete-button = Delete everything
privacy-delete-with-messages-button = Delete everything and my messages

privacy-deleted = ✅ Deleted: { $clips ->
    [0] your pictures
    [one] { $clips } clip
   *[other] { $clips } clips
}, your history and your settings. { $cancelled ->
    [0] Nothing was on its way.
    [one] { $cancelled } clip on its way is cancelled.
   *[other] { $cancelled } clips on their way are cancelled.
}
privacy-messages-removed = { $messages ->
    [one] { $messages } message is being removed.
   *[other] { $messages } messages are being removed, about one a second.
} Where I may no longer write, they stay.
privacy-messages-kept = { $messages ->
    [one] { $messages } message stays in its channel.
   *[other] { $messages } messages stay in their channels.
}
privacy-stays = The clips you used today still count until midnight UTC.
