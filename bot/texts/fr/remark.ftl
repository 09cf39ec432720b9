# Les mots d’un prompt, et ce que le checkpoint sait dessiner.

remark-quoted = « { $word } »
remark-did-you-mean = Je ne connais pas { $word } ; voulais-tu dire { $known } ?
remark-ignored = Ignoré : { $words }.
remark-unknown = Je ne connais pas { $words }.
remark-nothing = Ton prompt ne nomme rien que je sache dessiner.
remark-count = { $objects ->
    [one] { $objects } sujet
   *[other] { $objects } sujets
} sur { $backgrounds ->
    [one] { $backgrounds } fond
   *[other] { $backgrounds } fonds
}
remark-try-help = Je sais dessiner { $count } ; /help en donne la liste. Rien n’a été décompté de ton quota.
