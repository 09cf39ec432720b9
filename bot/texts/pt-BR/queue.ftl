# /queue e /cancel.

queue-description = Seus clipes na fila, a posição e quando ficam prontos.
queue-empty = Você não tem clipes a caminho.
queue-more = { $count ->
    [one] … e mais { $count }
   *[other] … e mais { $count }
}
queue-posting = sendo publicado
queue-rendering = renderizando, pronto em { $wait }
queue-position = posição { $position }, pronto em { $wait }
queue-paused = em espera: este servidor está pausado
queue-loading = em espera: o estilo está sendo carregado
queue-waiting-here = { $count ->
    [one] { $count } clipe na fila neste servidor
   *[other] { $count } clipes na fila neste servidor
}
queue-waiting-in-all = { $count ->
    [one] { $count } clipe na fila no total
   *[other] { $count } clipes na fila no total
}

queue-cancel-description = Cancelar um dos seus clipes.
queue-cancel-job = Qual; todos os seus clipes na fila são oferecidos
queue-cancel-which = Você tem vários clipes a caminho. Qual devo cancelar?
queue-outcome-cancelled = O clipe { $job } foi cancelado; nada é descontado da sua cota.
queue-outcome-requested = O clipe { $job } para no próximo passo.
queue-outcome-too_late = O clipe { $job } já terminou; não há nada para cancelar.
queue-outcome-not_found = Você não tem o clipe { $job }. Só é possível cancelar os seus; /queue mostra quais são.
