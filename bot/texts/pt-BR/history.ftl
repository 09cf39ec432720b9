# /history: os clipes de um membro.

history-description = Seus clipes, os mais novos primeiro.
history-words = Só clipes cujo prompt tenha todas estas palavras
history-title = ### Seus clipes
history-title-with = ### Seus clipes com “{ $words }”
history-none = Você ainda não tem clipes. Experimente /video.
history-none-with = Você não tem clipes com “{ $words }”.
history-facts = seed { $seed } · { count-frames } · { $when }
history-message = mensagem
history-newest = Os mais novos
history-older = Mais antigos
