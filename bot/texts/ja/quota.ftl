# /quota。

quota-description = 今日あと何本クリップを作れるかを表示します。
quota-day = **{ $left ->
    [0] 今日のクリップ { $limit } 本は残っていません。
   *[other] 今日はあと { $left } 本（{ $limit } 本中）作れます。
}**
quota-taken = 今日作ったクリップ：{ $made } 本 · 作成中：{ $reserved } 本
quota-resets = { $resets }（UTC の午前 0 時）に元に戻ります。失敗したクリップは数えません。
quota-active = 同時に作成中：{ $active } 本（最大 { $limit } 本）
quota-server = このサーバー：今日の GPU 時間は残り { $left } 秒（{ $limit } 秒中）、予約済み { $reserved } 秒
