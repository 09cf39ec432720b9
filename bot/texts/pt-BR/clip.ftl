# Os botões abaixo de um clipe, sua receita e sua exclusão.

clip-button-cancel = Cancelar
clip-button-cancel-here = Cancelar
clip-button-look-again = Atualizar
clip-button-again = Repetir
clip-button-reroll = Outra versão
clip-button-edit = Editar
clip-button-extend = Estender
clip-button-shorter = Mais curto
clip-button-smoother = Mais fluido
clip-button-larger = Maior
clip-button-recipe = Receita
clip-button-show = Mostrar
clip-button-delete = Excluir

clip-gone = Este clipe foi excluído ou não sei mais nada sobre ele. Use /video para pedir um novo.
clip-is-longest = Este clipe já é tão longo quanto pode ser aqui ({ count-frames }).
clip-is-shortest = Um clipe não pode ser mais curto ({ count-frames }).
clip-is-smoothest = Este clipe já é o mais fluido possível ({ $fps } quadros por segundo).
clip-is-largest = Não consigo deixar este clipe maior ({ $size } pixels).

clip-not-yours = Só quem pediu este clipe ou modera o canal onde ele foi publicado pode excluí-lo.
clip-not-posted = Este clipe ainda não foi publicado. Enquanto espera ou é renderizado, você pode cancelá-lo com /cancel.
clip-delete-question = Excluir o clipe { $job } de vez? A mensagem, o arquivo e a receita somem; ele continua contando na cota.
clip-delete-sure = Excluir de vez
clip-deleted = O clipe { $job } foi excluído.
clip-deleted-but-shown = O clipe { $job } foi excluído, mas o Discord manteve a mensagem; exclua-a manualmente.

clip-no-clip-here = Não há nenhum clipe meu nesta mensagem. Escolha uma em que eu tenha publicado um.
clip-recipe-menu = Receita
clip-recipe-title = Receita do clipe { $job }
clip-recipe-negative = Fora da imagem: { $text }
clip-recipe-seed = Seed: { $seed }
clip-recipe-length = Duração: { $seconds } s, { count-frames }, { $fps } por segundo
clip-recipe-size = Tamanho: { $size } pixels
clip-recipe-motion = Movimento: { $motion }
clip-recipe-drawing = Desenhado em { count-steps } ({ $sampler }), guidance { $guidance }
clip-recipe-style = Estilo: { $style }

clip-edit-title = Editar a receita
clip-edit-prompt = Prompt
clip-edit-negative = O que não deve mostrar
clip-edit-seed = Seed
clip-edit-seed-hint = Deixe vazio para outra imagem
clip-edit-quality = Qualidade
clip-edit-motion = Movimento
clip-edit-as-it-is = como está
clip-edit-no-seed = A seed é um número inteiro de 0 a { $most }, ou nada para outra imagem.
