# What several features say.

quota-left = { $left } of your { $limit } clips left today (UTC)
