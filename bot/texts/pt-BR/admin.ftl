admin-refused-blocked = Você não pode criar clipes neste servidor: a moderação bloqueou você.
admin-refused-channel = Clipes não são permitidos neste canal. Peça aqui: { $channels }
admin-refused-paused = A moderação deste servidor me pausou. Os clipes na fila mantêm o lugar; peça de novo mais tarde.
