# A mensagem de um clipe, da fila até o fim.

card-queued = **Na fila** · { $position ->
    [1] é o próximo
   *[other] posição { $position }
} · pronto em { $wait }
card-loading = **Na fila** · o estilo está sendo carregado; enquanto isso, outros são renderizados
card-rendering = **Renderizando** · passo { $step } de { $steps }
card-left = faltam { $duration }
card-recipe = seed { $seed } · { count-frames } · { count-steps }
card-cancelled = **Cancelado.**
card-failed = **Não foi possível criar este clipe.** { $reason }
    Nada é descontado da sua cota.
card-undeliverable = **O clipe está pronto, mas não pode ser publicado aqui.** { $reason }
card-mention = { $member }, seu clipe está pronto.

# Botões
card-try-again = Tentar de novo
