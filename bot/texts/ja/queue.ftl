# /queue と /cancel。

queue-description = 待機中のクリップと順番、完成の目安を表示します。
queue-empty = 進行中のクリップはありません。
queue-more = … ほか { $count } 本
queue-posting = 投稿中
queue-rendering = レンダリング中、完成まで{ $wait }
queue-position = { $position } 番目、完成まで{ $wait }
queue-paused = 待機中：このサーバーは一時停止されています
queue-loading = 待機中：スタイルを読み込んでいます
queue-waiting-here = このサーバーで { $count } 本が待機中
queue-waiting-in-all = 全体で { $count } 本が待機中

queue-cancel-description = 自分のクリップを 1 本キャンセルします。
queue-cancel-job = キャンセルするクリップ。待機中のクリップが候補に出ます
queue-cancel-which = 進行中のクリップが複数あります。どれをキャンセルしますか？
queue-outcome-cancelled = クリップ { $job } をキャンセルしました。利用枠は消費されません。
queue-outcome-requested = クリップ { $job } は次のステップで止まります。
queue-outcome-too_late = クリップ { $job } はすでに終わっています。キャンセルするものはありません。
queue-outcome-not_found = クリップ { $job } はありません。キャンセルできるのは自分のクリップだけです。/queue で確認できます。
