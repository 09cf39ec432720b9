# Por qué no se acepta un pedido.

service-restarts = Me estoy reiniciando; inténtalo de nuevo en un minuto. Los clips en cola se conservan.
service-unavailable = Ahora mismo no puedo crear clips. { $reason } Los clips en cola se conservan.
service-no-checkpoint = No hay ningún checkpoint cargado.
service-wait-too-long = La cola es más larga de lo que Discord me deja tardar aquí en responder (15 minutos). Inténtalo más tarde o pídelo en un servidor en el que yo esté.

# Lo que pide un prompt
prompt-minors = No creo contenido sexual con menores de edad. No se ha descontado nada de tu cuota.
prompt-adult = Solo creo contenido para adultos en canales con restricción de edad. No se ha descontado nada de tu cuota.
prompt-server = Tu prompt contiene una palabra que este servidor no admite. No se ha descontado nada de tu cuota.
negative-minors = Lo que el clip no debe mostrar nombra contenido sexual con menores de edad; no creo ningún clip con esas palabras. No se ha descontado nada de tu cuota.
negative-server = Lo que el clip no debe mostrar contiene una palabra que este servidor no admite. Quítala, también en /settings. No se ha descontado nada de tu cuota.
