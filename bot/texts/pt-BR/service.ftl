# Por que um pedido não é aceito.

service-restarts = Estou reiniciando; tente de novo em um minuto. Os clipes na fila são mantidos.
service-unavailable = No momento não consigo criar clipes. { $reason } Os clipes na fila são mantidos.
service-no-checkpoint = Nenhum checkpoint está carregado.
service-wait-too-long = A fila é mais longa do que o tempo que o Discord me dá para responder aqui (15 minutos). Tente mais tarde ou peça em um servidor do qual eu faça parte.

# O que um prompt pede
prompt-minors = Não crio conteúdo sexual com menores de idade. Nada foi descontado da sua cota.
prompt-adult = Só crio conteúdo adulto em canais com restrição de idade. Nada foi descontado da sua cota.
prompt-server = Seu prompt contém uma palavra que este servidor não permite. Nada foi descontado da sua cota.
negative-minors = O que o clipe não deve mostrar cita conteúdo sexual com menores de idade; não crio nenhum clipe com essas palavras. Nada foi descontado da sua cota.
negative-server = O que o clipe não deve mostrar contém uma palavra que este servidor não permite. Retire-a, também em /settings. Nada foi descontado da sua cota.
