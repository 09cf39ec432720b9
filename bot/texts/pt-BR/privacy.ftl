# /privacy.

privacy-description = O que guardo sobre você: receba uma cópia ou apague.
privacy-export-description = Receba em um arquivo tudo o que guardo sobre você.
privacy-delete-description = Apague tudo o que guardo sobre você.

privacy-exported = Isto é tudo o que guardo sobre você, com { $clips ->
    [0] nenhum clipe
    [one] { $clips } clipe
   *[other] { $clips } clipes
}.
privacy-left-out = { $files ->
    [one] Falta { $files } arquivo mais antigo (um clipe ou uma imagem): tudo junto seria
   *[other] Faltam { $files } arquivos mais antigos (clipes ou imagens): tudo junto seria
} maior do que o Discord aceita aqui. Seus clipes estão em /history.

privacy-question =
    ### Apagar tudo?
    Eu apago { $clips ->
        [0] suas imagens
        [one] seu { $clips } clipe, suas imagens
       *[other] seus { $clips } clipes, suas imagens
    }, seu histórico e suas configurações, e cancelo { $unfinished ->
        [0] o que está a caminho (nada no momento)
        [one] { $unfinished } clipe a caminho
       *[other] { $unfinished } clipes a caminho
    }. Isso não pode ser desfeito.
privacy-what-stays = **O que fica:** quantos clipes você usou hoje, sem seu nome e até a meia-noite UTC; bloqueios e limites que a moderação de um servidor definiu para você; clipes que outros fizeram a partir dos seus.
privacy-your-messages = **Suas mensagens:** { $messages ->
        [0] não há nenhuma nos canais.
        [one] há uma com um clipe seu em um canal.
       *[other] há { $messages } com clipes seus em canais.
    } Depois não saberei mais quais eram suas; só a moderação poderá cuidar delas.
privacy-delete-button = Apagar tudo
privacy-delete-with-messages-button = Apagar tudo, inclusive minhas mensagens

privacy-deleted = ✅ Apagado: { $clips ->
    [0] suas imagens
    [one] { $clips } clipe
   *[other] { $clips } clipes
}, seu histórico e suas configurações. { $cancelled ->
    [0] Nada estava a caminho.
    [one] { $cancelled } clipe a caminho foi cancelado.
   *[other] { $cancelled } clipes a caminho foram cancelados.
}
privacy-messages-removed = { $messages ->
    [one] { $messages } mensagem está sendo removida.
   *[other] { $messages } mensagens estão sendo removidas, mais ou menos uma por segundo.
} Onde não posso mais escrever, elas ficam.
privacy-messages-kept = { $messages ->
    [one] { $messages } mensagem fica no canal.
   *[other] { $messages } mensagens ficam nos canais.
}
privacy-stays = Os clipes que você usou hoje ainda contam até a meia-noite UTC.
