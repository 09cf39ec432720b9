# Was mehrere Funktionen sagen.

quota-left = heute noch { $left } deiner { $limit } Clips (UTC)
