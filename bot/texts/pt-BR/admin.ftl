# O que os moderadores leem, e aqueles a quem negam algo.

admin-description = Moderar os clipes deste servidor.
admin-more = e mais { $count }

admin-refused-rights = Para isso você precisa da permissão “Gerenciar servidor”.
admin-refused-blocked = Você não pode criar clipes neste servidor: a moderação bloqueou você.
admin-refused-channel = Clipes não são permitidos neste canal. Peça aqui: { $channels }
admin-refused-paused = A moderação deste servidor me pausou. Os clipes na fila mantêm o lugar; peça de novo mais tarde.

admin-waits-paused = **Em pausa** por decisão da moderação deste servidor. O clipe mantém o lugar.

admin-pause-description = Pausar os clipes deste servidor: os que esperam mantêm o lugar.
admin-pause-done = { $waiting ->
    [0] Estou em pausa neste servidor até /admin resume. Não há nada na fila.
    [one] Estou em pausa neste servidor até /admin resume. { $waiting } clipe na fila mantém o lugar; o que está sendo renderizado será concluído.
   *[other] Estou em pausa neste servidor até /admin resume. { $waiting } clipes na fila mantêm o lugar; o que está sendo renderizado será concluído.
}
admin-resume-description = Continuar com os clipes deste servidor.
admin-resume-done = { $waiting ->
    [0] Voltei a aceitar pedidos neste servidor. Não há nada na fila.
    [one] Continuo neste servidor. { $waiting } clipe espera.
   *[other] Continuo neste servidor. { $waiting } clipes esperam.
}

admin-clear-description = Cancelar todos os clipes na fila deste servidor.
admin-clear-none = Nenhum clipe espera neste servidor.
admin-clear-ask = { $waiting ->
    [one] { $waiting } clipe espera neste servidor. Devo cancelá-lo? Ele não contará na cota.
   *[other] { $waiting } clipes esperam neste servidor. Devo cancelar todos? Eles não contarão nas cotas.
}
admin-clear-button = { $waiting ->
    [one] Cancelar { $waiting } clipe
   *[other] Cancelar { $waiting } clipes
}
admin-clear-done = { $cancelled ->
    [0] Nenhum clipe esperava mais.
    [one] { $cancelled } clipe cancelado; não conta na cota.
   *[other] { $cancelled } clipes cancelados; não contam nas cotas.
}

admin-block-description = Não aceitar mais pedidos de um membro neste servidor.
admin-block-member = Quem bloquear
admin-block-done = { $cancelled ->
    [0] { $member } não pode mais criar clipes neste servidor.
    [one] { $member } não pode mais criar clipes neste servidor. { $cancelled } clipe na fila foi cancelado.
   *[other] { $member } não pode mais criar clipes neste servidor. { $cancelled } clipes na fila foram cancelados.
}
admin-unblock-description = Voltar a aceitar pedidos de um membro bloqueado.
admin-unblock-member = Quem desbloquear
admin-unblock-done = { $member } pode criar clipes neste servidor de novo.
admin-unblock-not = { $member } não está bloqueado neste servidor.
admin-blocked-description = Listar os membros bloqueados neste servidor.
admin-blocked-list = Bloqueados neste servidor: { $members }
admin-blocked-none = Ninguém está bloqueado neste servidor.

admin-channels-description = Onde posso criar clipes neste servidor.
admin-channels-add-description = Criar clipes só nos canais da lista, incluindo este.
admin-channels-add-channel = Um canal com seus tópicos, ou uma categoria com todos os seus canais
admin-channels-remove-description = Tirar um canal da lista.
admin-channels-remove-channel = Um dos canais da lista
admin-channels-show-description = Mostrar os canais em que crio clipes.
admin-channels-list = Só crio clipes em: { $channels }
admin-channels-all = Crio clipes em todos os canais deste servidor.
admin-channels-not = Esse canal não está na lista. Escolha um dos que aparecem.

admin-words-description = Palavras que este servidor não quer nos prompts.
admin-words-add-description = Recusar prompts com estas palavras ou expressões.
admin-words-add-words = Palavras ou expressões, separadas por vírgulas
admin-words-remove-description = Voltar a permitir uma palavra ou expressão.
admin-words-remove-word = Uma das palavras indesejadas
admin-words-show-description = Mostrar as palavras indesejadas.
admin-words-added = { $count ->
    [0] Essas palavras já estavam na lista.
    [one] { $count } palavra ou expressão está na lista agora. Prompts com ela são recusados.
   *[other] { $count } palavras ou expressões estão na lista agora. Prompts com elas são recusados.
}
admin-words-edit-description = Editar a lista inteira de palavras indesejadas em um formulário.
admin-words-edit-title = Palavras indesejadas
admin-words-edit-label = Uma palavra ou expressão por linha
admin-words-edit-part = Uma por linha, parte { $number } de { $parts }
admin-words-too-many-for-a-form = A lista é longa demais para um formulário. Use /admin words add e /admin words remove; /admin words show a envia inteira em um arquivo.
admin-words-changed-meanwhile = Alguém mudou a lista enquanto seu formulário estava aberto. Nada foi salvo; o que você escreveu está no arquivo. Abra o formulário de novo.
admin-words-saved = { $count ->
    [0] Salvo: a lista está vazia ({ $added } a mais, { $removed } a menos).
    [one] Salvo: há { $count } palavra ou expressão na lista ({ $added } a mais, { $removed } a menos).
   *[other] Salvo: há { $count } palavras ou expressões na lista ({ $added } a mais, { $removed } a menos).
}
admin-words-too-many = A lista aceita no máximo { $most } palavras ou expressões. Nada foi mudado.
admin-words-too-long = “{ $word }” tem mais de { $longest } caracteres. Nada foi mudado.
admin-words-no-letters = Não há letra nem número em “{ $word }”, então não dá para procurar. Nada foi mudado.
admin-words-removed = “{ $word }” está permitida de novo.
admin-words-not = “{ $word }” não está na lista.
admin-words-none = Este servidor não tem palavras indesejadas próprias.
admin-words-list = { $count ->
    [one] { $count } palavra ou expressão indesejada: { $words }
   *[other] { $count } palavras ou expressões indesejadas: { $words }
}
admin-words-file = Todas as { $count } palavras e expressões indesejadas estão no arquivo.

admin-quota-description = Quanto os membros deste servidor podem ter.
admin-quota-set-description = Definir limites para este servidor, um cargo ou um membro.
admin-quota-who = Um membro ou um cargo; vazio para o servidor inteiro
admin-quota-clips = Clipes por membro e por dia
admin-quota-at-once = Clipes a caminho ao mesmo tempo, por membro
admin-quota-gpu-seconds = Segundos de GPU por dia, só para o servidor inteiro
admin-quota-remove-description = Remover os limites deste servidor, de um cargo ou de um membro.
admin-quota-show-description = Mostrar todos os limites deste servidor.
admin-quota-nothing = Informe ao menos um limite: clips, at_once ou gpu_seconds.
admin-quota-gpu-is-the-servers = Os segundos de GPU são uma conta comum do servidor inteiro. Deixe “who” vazio para defini-los.
admin-quota-done = Feito. { $rule }
admin-quota-removed = Removido. O que vale agora:
    { $rules }
admin-quota-standard = **{ $rules ->
    [0] Todos
   *[other] Todos os outros
}**: { admin-quota-clips-a-day } · { admin-quota-active }
admin-quota-rule = **{ $who }**: { $limits }
admin-quota-server = Este servidor
admin-quota-clips-a-day = { $clips ->
    [one] { $clips } clipe por dia
   *[other] { $clips } clipes por dia
}
admin-quota-active = { $active } ao mesmo tempo
admin-quota-seconds-a-day = { $seconds ->
    [one] { $seconds } segundo de GPU por dia
   *[other] { $seconds } segundos de GPU por dia
}

admin-stats-description = Como vão os clipes deste servidor: números, esperas, falhas.
admin-stats-gpu = Tempo de GPU hoje (UTC): { $used } s usados, { $reserved } s reservados
admin-stats-gpu-of = Tempo de GPU hoje (UTC): { $used } s usados, { $reserved } s reservados, de { $limit } s
admin-stats-days = { $days ->
    [one] **Últimas 24 horas**
   *[other] **Últimos { $days } dias**
}
admin-stats-jobs = entregues: { $delivered } · não entregáveis: { $undeliverable } · com falha: { $failed } · cancelados: { $cancelled } · na fila: { $queued } · em andamento: { $running } · a publicar: { $rendered }
admin-stats-wait = Espera até a renderização: metade em até { NUMBER($p50, maximumFractionDigits: 1) } s, 95 % em até { NUMBER($p95, maximumFractionDigits: 1) } s
admin-stats-render = Renderização: metade em até { NUMBER($p50, maximumFractionDigits: 1) } s, 95 % em até { NUMBER($p95, maximumFractionDigits: 1) } s
admin-stats-failure = { $times } × { $reason }
admin-stats-refused = Prompts recusados: adultos { $adult } · menores de idade { $minors } · palavras indesejadas { $server }
