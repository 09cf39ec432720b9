# /settings.

settings-description = Suas configurações, as do servidor e o idioma.
settings-me-description = Como são seus clipes quando você não informa nada, e o idioma em que falo com você.
settings-server-description = Como são os clipes deste servidor quando ninguém informa nada, e o idioma dele.
settings-title-me =
    ### Suas configurações
    Valem para tudo o que você não informa em /video. O que fica em aberto segue o servidor.
settings-title-server =
    ### Configurações deste servidor
    Valem para os membros que deixam algo em aberto. O idioma é o das mensagens que todos leem.

settings-name-negative = Nunca mostrar
settings-name-length = Duração
settings-name-motion = Movimento
settings-name-style = Estilo
settings-name-quality = Qualidade
settings-name-shape = Formato
settings-name-loop = Loop
settings-name-private = Privado
settings-name-language = Idioma
# O nome que este idioma dá a si mesmo.
settings-language-name = Português (Brasil)

settings-value = { $name }: { $value }
settings-more = Mais … (página { $page } de { $pages })
settings-open = não definido
settings-yes = sim
settings-no = não
settings-from-own = definido aqui
settings-from-server = como o servidor definiu
settings-from-usual = padrão
settings-from-discord = como no Discord

settings-change = Alterar
settings-reset = Redefinir tudo
settings-negative-label = O que nunca deve aparecer; vazio: nada
settings-no-server = Configurações de servidor só existem em servidores. As suas estão em /settings me.
settings-not-allowed = Só quem pode gerenciar este servidor pode mudar as configurações dele.
