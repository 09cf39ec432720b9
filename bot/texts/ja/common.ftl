# 複数の機能で使う文。

# 一覧の名前の間。
list-comma = { "、" }

quota-left = 今日の残り：{ $limit } 本中 { $left } 本（UTC）

duration-moments = 数秒
duration-seconds = { $count } 秒
duration-minutes = { $count } 分
duration-hours = { $count } 時間
duration-about = 約 { $duration }
duration-likely = { $soon }（おそらく { $late }以内）

# Below the name of the bot; one text for all members, so the English one is shown.
presence = /video でクリップを作成

count-frames = { $frames } フレーム
count-steps = { $steps } ステップ
