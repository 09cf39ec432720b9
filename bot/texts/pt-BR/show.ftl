# /show: um clipe é mostrado de novo.

show-description = Mostre um clipe de novo: um seu ou deste servidor.
show-id = O número dele; seus próprios clipes são oferecidos
show-none = Não há clipe { $job } que eu possa mostrar a você aqui. /history lista os seus.
show-unfinished = O clipe { $job } ainda não está pronto. Veja /queue.
show-failed = O clipe { $job } não chegou a ser feito: falhou ou foi cancelado.
show-adult = Este clipe foi feito em um canal com restrição de idade e só é mostrado nesses canais.
show-file-gone = O arquivo do clipe { $job } não é mais guardado. “Repetir” em /history cria o mesmo clipe de novo.
show-too-large = O clipe { $job } tem { $size } MiB, e o Discord aceita só { $limit } MiB aqui. Um mais curto talvez caiba.
