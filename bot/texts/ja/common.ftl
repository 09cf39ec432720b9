# 複数の機能で使う文。

quota-left = 今日の残り：{ $limit } 本中 { $left } 本（UTC）
