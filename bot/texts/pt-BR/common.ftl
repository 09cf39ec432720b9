# O que várias funções dizem.

quota-left = hoje ainda restam { $left } dos seus { $limit } clipes (UTC)
