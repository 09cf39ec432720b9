# El mensaje de un clip, desde la cola hasta el final.

card-queued = **En cola** · { $position ->
    [1] es el siguiente
   *[other] puesto { $position }
} · listo en { $wait }
card-loading = **En cola** · se está cargando su estilo; mientras tanto se renderizan otros
card-rendering = **Renderizando** · paso { $step } de { $steps }
card-left = quedan { $duration }
card-recipe = semilla { $seed } · { count-frames } · { count-steps }
card-cancelled = **Cancelado.**
card-failed = **No se pudo crear este clip.** { $reason }
    No se descuenta nada de tu cuota.
card-undeliverable = **El clip está listo, pero no se puede publicar aquí.** { $reason }
card-mention = { $member }, tu clip está listo.

# Botones
card-try-again = Reintentar
