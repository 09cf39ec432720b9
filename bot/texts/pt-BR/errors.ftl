# O que pode dar errado. Depois de “error-” vem o código do erro.

error-quota = Você já usou seus clipes de hoje: feitos { $used }, a caminho { $reserved }, de { $limit }. Haverá mais { $resets }; um clipe na fila pode ser cancelado com /cancel.
error-budget = O tempo de GPU deste servidor acabou por hoje: o clipe precisa de cerca de { $needed } s e restam { $left } s de { $limit } s. Haverá mais { $resets }; um clipe mais curto ou um rascunho precisa de menos.
error-too-many = { $active ->
    [one] Você já tem { $active } clipe a caminho (no máximo { $limit }). Veja /queue.
   *[other] Você já tem { $active } clipes a caminho (no máximo { $limit }). Veja /queue.
}
error-duplicate = Isso já está a caminho como clipe { $job }. Veja /queue.
error-not-allowed = Você não pode fazer isso aqui.
error-option = Não consegui ler uma das opções; escolha-a de novo.
error-unforeseen-here = Algo deu errado do meu lado; está no log do operador. Nada foi descontado da sua cota.
error-discord = O Discord não aceitou a minha resposta. /queue e /history mostram o que foi feito mesmo assim; se não foi nada, tente de novo.

error-unforeseen = Algo deu errado do meu lado ({ $kind }); está no log do operador.
error-given-up = { $attempts ->
    [1] Tentei uma vez, e o programa parou.
   *[other] Tentei { $attempts } vezes, e o programa parou em todas.
}
error-message-closed = A mensagem sumiu ou não posso mais editá-la.
error-clip-too-large = O arquivo é maior do que o Discord aceita aqui.
error-clip-does-not-fit = Mesmo na qualidade mais baixa, o arquivo é maior do que o Discord aceita aqui; peça um clipe mais curto.
error-clip-gone = O arquivo não existe mais.
error-encode = Não foi possível gravar o arquivo de vídeo; o log do operador diz mais.
error-out-of-memory = A placa de vídeo não tem memória suficiente para esse tamanho; peça um menor.
error-no-picture = O checkpoint não desenhou nada; o log do operador diz mais.
error-checkpoint = Não foi possível carregar o checkpoint; o log do operador diz por quê.
error-checkpoint-missing = Não há nenhum checkpoint em { $name }.
error-unsuitable = O clipe saiu com conteúdo adulto, que só é mostrado em canais com restrição de idade.

error-prompt-empty = O prompt está vazio; diga o que o clipe mostra.
error-prompt-characters = O prompt contém um caractere que não pode ser exibido; digite-o de novo.
error-prompt-sides = Não há nada antes ou depois de { $then }; escreva um prompt de cada lado.
error-prompts-need-frames = { $prompts } prompts precisam de pelo menos o mesmo número de quadros, não { $frames }; peça um clipe mais longo.
error-text-too-long = Esse texto é longo demais: no máximo { $most } caracteres.
error-value-too-large = { $field } pode ser no máximo { $most }.
error-value-too-small = { $field } deve ser no mínimo { $least }.
error-most-frames = Quadros demais: no máximo { $most } aqui; peça um clipe mais curto.
error-most-steps = Passos demais: no máximo { $most } aqui; escolha uma qualidade mais baixa.
error-frame-rate = { $rate } quadros por segundo são demais; um arquivo assim reproduz no máximo { $most }.
error-upscale-side = { $side } pixels são demais para dobrar o tamanho; no máximo { $most }.
error-size = Este checkpoint não consegue desenhar em { $size }; o tamanho mais próximo é { $nearest } (múltiplos de { $cell }).
error-style = Não existe o estilo “{ $style }”. Escolha um destes: { $choices }.
error-no-styles = Não existe o estilo “{ $style }”; aqui não há nenhum.
error-style-broken = O estilo “{ $style }” não pode ser usado no momento; o log do operador diz por quê.
error-picture-unreadable = Isso não é uma imagem ou está danificada. Consigo ler PNG, JPEG, WebP e GIF.
error-picture-too-large = Essa imagem é grande demais. Consigo ler até { $mib } MiB, { $side } pixels por lado e { $megapixels } megapixels.
error-picture-missing = Este clipe começa com uma imagem que não tenho mais; envie-a de novo.
