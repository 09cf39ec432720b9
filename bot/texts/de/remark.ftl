# Die Wörter eines Prompts und was der Checkpoint zeichnen kann.

remark-quoted = „{ $word }“
remark-did-you-mean = { $word } kenne ich nicht; meinst du { $known }?
remark-ignored = Ignoriert: { $words }.
remark-unknown = Das kenne ich nicht: { $words }.
remark-nothing = Dein Prompt nennt nichts, was ich zeichnen kann.
remark-count = { $objects ->
    [one] { $objects } Motiv
   *[other] { $objects } Motive
} vor { $backgrounds ->
    [one] { $backgrounds } Hintergrund
   *[other] { $backgrounds } Hintergründen
}
remark-try-help = Ich kann { $count } zeichnen; /help nennt sie alle. Von deinem Kontingent wurde nichts abgezogen.
