admin-refused-blocked = No puedes crear clips en este servidor: sus moderadores te han bloqueado.
admin-refused-channel = En este canal no se quieren clips. Pídemelos aquí: { $channels }
admin-refused-paused = Los moderadores de este servidor me han puesto en pausa. Los clips en espera conservan su puesto; inténtalo más tarde.
