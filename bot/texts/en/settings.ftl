# /settings.

settings-description = Your own and the server's defaults, and the language.
settings-me-description = What your clips are like where you don't say, and the language I speak to you.
settings-server-description = What this server's clips are like where members don't say, and its language.
settings-title-me =
    ### Your settings
    They hold wherever /video leaves something out. What you leave open is as the server has it.
settings-title-server =
    ### This server's settings
    They hold for members who leave something open. The language is that of messages everybody reads.

settings-name-negative = Never shown
settings-name-length = Length
settings-name-motion = Motion
settings-name-style = Style
settings-name-quality = Quality
settings-name-shape = Shape
settings-name-loop = Loop
settings-name-private = Private
settings-name-language = Language
# This language's own name for itself.
settings-language-name = English

settings-value = { $name }: { $value }
settings-more = More … (page { $page } of { $pages })
settings-open = not set
settings-yes = yes
settings-no = no
settings-from-own = set here
settings-from-server = as the server has it
settings-from-usual = by default
settings-from-discord = as Discord is set

settings-change = Change
settings-reset = Reset all
settings-negative-label = What clips must not show; empty: nothing
settings-no-server = There are server settings in servers only. Yours are in /settings me.
settings-not-allowed = Only members who may manage this server can change its settings.
