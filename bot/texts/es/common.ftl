# Lo que dicen varias funciones.

quota-left = hoy te quedan { $left } de tus { $limit } clips (UTC)
