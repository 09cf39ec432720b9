# The words of a prompt, and what the checkpoint can draw.

remark-quoted = “{ $word }”
remark-did-you-mean = I don't know { $word }; did you mean { $known }?
remark-ignored = Ignored: { $words }.
remark-unknown = I don't know { $words }.
remark-nothing = Your prompt names nothing that I can draw.
remark-count = { $objects ->
    [one] { $objects } object
   *[other] { $objects } objects
} on { $backgrounds ->
    [one] { $backgrounds } background
   *[other] { $backgrounds } backgrounds
}
remark-try-help = I can draw { $count }; /help lists them all. Nothing was taken from your quota.
