# As palavras de um prompt e o que o checkpoint sabe desenhar.

remark-quoted = “{ $word }”
remark-did-you-mean = Não conheço { $word }; você quis dizer { $known }?
remark-ignored = Ignorado: { $words }.
remark-unknown = Não conheço { $words }.
remark-nothing = Seu prompt não cita nada que eu saiba desenhar.
remark-count = { $objects ->
    [one] { $objects } objeto
   *[other] { $objects } objetos
} em { $backgrounds ->
    [one] { $backgrounds } fundo
   *[other] { $backgrounds } fundos
}
remark-try-help = Sei desenhar { $count }; /help mostra todos. Nada foi descontado da sua cota.
