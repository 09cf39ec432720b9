# /settings.

settings-description = Tus ajustes, los del servidor y el idioma.
settings-me-description = Cómo son tus clips cuando no indicas nada, y el idioma en que te hablo.
settings-server-description = Cómo son los clips de este servidor cuando nadie indica nada, y su idioma.
settings-title-me =
    ### Tus ajustes
    Valen para todo lo que no indicas en /video. Lo que dejas abierto es como lo tiene el servidor.
settings-title-server =
    ### Los ajustes de este servidor
    Valen para los miembros que dejan algo abierto. El idioma es el de los mensajes que leen todos.

settings-name-negative = Nunca se ve
settings-name-length = Duración
settings-name-motion = Movimiento
settings-name-style = Estilo
settings-name-quality = Calidad
settings-name-shape = Formato
settings-name-loop = Bucle
settings-name-private = Privado
settings-name-language = Idioma
# El nombre que este idioma se da.
settings-language-name = Español

settings-value = { $name }: { $value }
settings-more = Más … (página { $page } de { $pages })
settings-open = sin definir
settings-yes = sí
settings-no = no
settings-from-own = definido aquí
settings-from-server = como lo tiene el servidor
settings-from-usual = por defecto
settings-from-discord = como en Discord

settings-change = Cambiar
settings-reset = Restablecer todo
settings-negative-label = Lo que nunca debe verse; vacío: nada
settings-no-server = Los ajustes de servidor solo existen en los servidores. Los tuyos están en /settings me.
settings-not-allowed = Solo quien puede gestionar este servidor puede cambiar sus ajustes.
