# Las palabras de un prompt y lo que el checkpoint sabe dibujar.

remark-quoted = «{ $word }»
remark-did-you-mean = No conozco { $word }; ¿querías decir { $known }?
remark-ignored = Ignorado: { $words }.
remark-unknown = No conozco { $words }.
remark-nothing = Tu prompt no nombra nada que yo sepa dibujar.
remark-count = { $objects ->
    [one] { $objects } motivo
   *[other] { $objects } motivos
} sobre { $backgrounds ->
    [one] { $backgrounds } fondo
   *[other] { $backgrounds } fondos
}
remark-try-help = Sé dibujar { $count }; /help los muestra todos. No se ha descontado nada de tu cuota.
